// The echo page: says when it is connected, then shows each message that comes back.
const input = document.getElementById("input"), output = document.getElementById("output");
const address = new URL("echo", location.href);
address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
const socket = new WebSocket(address);

function show(text) {
    const line = document.createElement("p");
    line.textContent = text;
    output.append(line);
}

socket.onopen = () => show("Connected");
socket.onmessage = async ({ data }) => show(typeof data === "string" ? data : await data.text());
socket.onclose = () => show("Disconnected");
document.getElementById("form").onsubmit = (event) => {
    event.preventDefault();
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(input.value);
    input.value = "";
};
