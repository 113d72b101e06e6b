// The constants have the prose that is in no declaration; every number and name comes from the
// tables.
#include "tests/vectors/reference.hpp"

#include "shared/protocol/codec.hpp"
#include "tests/vectors/example.hpp"

#include <algorithm>

namespace parley::vectors {

using protocol::alphabet;
using protocol::field_schema;
using protocol::message_schema;
using protocol::object_schema;
using protocol::rule;
using protocol::value_kind;

namespace {

constexpr const char* intro = R"(# The protocol `parley.1`

Generated from the declarations in `shared/protocol` by `make protocol`; a test fails when it is stale.

**Frames.** A WebSocket connection to `/ws` with the subprotocol `parley.1` carries one JSON object (RFC 8259) per text
frame. Its kind stands in `type`; write it first, it is read fastest there. (Without the subprotocol, `/ws` speaks plain
text: one message in each frame.)

**Requests and answers.** A request carries an `id` that the client chooses, and gets exactly one `ok` or `error` with
that `id`; `hello` gets a `welcome`, `typing` gets nothing. Answers may come in another order than requests. `ok` to
anything that changes something means that it is on disk.

**Events.** All that lasts is an event of a room, with a `seq` that is contiguous from 1. A client applies an event only
when its `seq` is the last one plus 1; a lower one is a duplicate to ignore, a higher one shows a gap to fetch with
`catch_up`. With `resync` the client drops its copy of the room and reads the newest page.

**Runs and pages.** Some events are entries, the rows of a timeline; others change an earlier message, their `target`. A
run (`events`, `catch_up`) is contiguous and has both. A page (`page`, `history`) has the entries of a stretch of the log
and stands for all of its events. Wherever a message is read from the log it comes folded: with all changes up to its
`rev` (content) and `marks` (reactions). A client applies a change only when its `seq` is higher than the one that the
message says, so pages and runs may come in any order.

**Unread.** `said` counts the messages of a room. What is unread is what was said after `read`, without one's own and
what was deleted. `welcome` and `counts` say it; with `said` of each `head` and event a client goes on by itself.

**Growth.** A client skips fields, events and notices of a server that it does not know (an unknown event still
advances `seq`). A server answers an unknown request with `unsupported` and stays connected.

**Faults.** In a request, a field that is unknown, doubled, missing, of the wrong kind or beyond its limit is answered by
`error` with a code and the first field at fault, as in `resume[1].seq`. What is no JSON object with a `type` is a
`bad_frame`; )";

constexpr const char* intro_end = R"( of them in a row close the connection with 4100.

**Values.** Integers are written without fraction or exponent and never exceed 2^53 - 1. Text is UTF-8 and its limits
count bytes; lone surrogates are not text. `null` is no value: leave the field out. A list that is not required may be
left out when it is empty, but for the lists of an `ok`, which are there whenever the request promises them. The
canonical encoding, which Parley writes, has `type` first, the fields in the order of the tables below, no spaces, and
escapes only what JSON forces.

The examples show the form only: the longer one of each message has every field at once.

)";

constexpr const char* http_intro = R"(## HTTP

`POST /api/1/<type>` with the request as body (`Content-Type: application/json`); `type` and `id` may be left out, and
an empty body counts as `{}`. The answer's body is the `ok` or `error` that a WebSocket would carry, its status is 200 or
the status of the error code. A session is shown by `Authorization: Bearer <token>` or by the cookie that signing in
set. The account requests below are HTTP only. WebSocket only:)";

std::string with_separators(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
    return digits;
}

std::string bound(std::uint64_t value) {
    if (value == protocol::limits::integer_max) return "2^53 - 1";
    return with_separators(value);
}

// Milliseconds since 1970 and other long examples are shown as JSON has them.
std::string range(const rule& rule) {
    if (rule.kind == value_kind::boolean) return "true or false";
    return bound(rule.min) + " to " + bound(rule.max) +
           (rule.kind == value_kind::text ? " bytes" : "");
}

std::string kind_word(const rule& rule) {
    switch (rule.kind) {
        case value_kind::boolean: return "boolean";
        case value_kind::integer: return "integer";
        case value_kind::text: return "text";
    }
    return {};
}

std::string letters(const rule& rule) {
    if (rule.kind != value_kind::text) return "";
    switch (rule.letters) {
        case alphabet::name: return "`a-z 0-9 . _ -`";
        case alphabet::person: return "`a-z 0-9 . _ -`, a guest's with `~` before it";
        case alphabet::token: return "`A-Z a-z 0-9 _ -`";
        case alphabet::line: return "any but controls";
        case alphabet::prose: return "any but controls; tab and line feed are let in";
        case alphabet::opaque: return "any but NUL";
    }
    return {};
}

std::string link(const rule& rule) { return "[" + std::string(rule.name) + "](#vocabulary)"; }

// The rules and records of all declarations, in the order of first use.
struct inventory {
    std::vector<const rule*> rules;
    std::vector<const object_schema*> records;

    void add(const object_schema& schema) {
        for (const field_schema& field : schema.fields) {
            if (field.value && std::find(rules.begin(), rules.end(), field.value) == rules.end())
                rules.push_back(field.value);
            if (!field.object) continue;
            if (std::find(records.begin(), records.end(), field.object) == records.end())
                records.push_back(field.object);
            add(*field.object);
        }
        if (!schema.choice) return;
        for (const message_schema* kind : schema.choice->kinds) add(*kind->object);
    }
};

inventory inventory_of_all() {
    inventory all;
    for (const auto set : {protocol::messages_in<protocol::request>(),
                           protocol::messages_in<protocol::account_request>(),
                           protocol::messages_in<protocol::notice>()})
        for (const message_schema* schema : set) all.add(*schema->object);
    return all;
}

std::string link(const object_schema& record) {
    return "[" + std::string(record.record) + "](#" + std::string(record.record) + ")";
}

std::string field_row(const field_schema& field) {
    std::string type = field.object ? link(*field.object) : link(*field.value);
    if (field.list) type = "list of " + type;
    std::string allowed = field.value ? range(*field.value) : "";
    if (field.list) {
        const std::string most = "at most " + with_separators(field.list_max);
        allowed = allowed.empty() ? most : most + ", each " + allowed;
    }
    return "| `" + std::string(field.name) + "` | " + type + " | " + allowed + " | " +
           (field.required ? "yes" : "") + " | " + std::string(field.doc) + " |\n";
}

std::string field_table(const object_schema& schema) {
    std::string out = "| field | kind | range | required | |\n| --- | --- | --- | --- | --- |\n";
    for (const field_schema& field : schema.fields) out += field_row(field);
    return out + "\n";
}

// The kinds of a record, each with the fields that it adds.
std::string kinds_table(const protocol::choice_schema& choice) {
    std::string out = "Then `" + std::string(choice.field) + "`: " + std::string(choice.doc) +
                      ". It comes before the fields of its kind:\n\n";
    for (const message_schema* kind : choice.kinds) {
        out += "#### " + std::string(kind->type) + "\n\n" + std::string(kind->doc) + "\n\n";
        if (!kind->object->fields.empty()) out += field_table(*kind->object);
    }
    return out;
}

std::string message_section(const message_schema& schema) {
    std::string out = "### " + std::string(schema.type) + "\n\n" + std::string(schema.doc) + "\n\n";
    out += field_table(*schema.object);
    const std::string shortest = message_text(schema, extent::required).bytes();
    const std::string full = message_text(schema, extent::every).bytes();
    out += "```json\n" + shortest + "\n";
    if (full != shortest) out += full + "\n";
    return out + "```\n\n";
}

std::string messages(const char* title, std::span<const message_schema* const> set) {
    std::string out = "## " + std::string(title) + "\n\n";
    for (const message_schema* schema : set) out += message_section(*schema);
    return out;
}

std::string http_section() {
    std::string out = http_intro;
    for (const message_schema* schema : protocol::messages_in<protocol::request>())
        if (schema->web_socket_only) out += " `" + std::string(schema->type) + "`";
    out += ".\n\n| | answer |\n| --- | --- |\n";
    const auto add = [&](std::span<const message_schema* const> set) {
        for (const message_schema* schema : set) {
            if (schema->web_socket_only) continue;
            out += "| `POST /api/1/" + std::string(schema->type) + "` | " +
                   std::string(schema->doc) + " |\n";
        }
    };
    add(protocol::messages_in<protocol::account_request>());
    add(protocol::messages_in<protocol::request>());
    return out + "\n";
}

std::string records_section(const inventory& all) {
    std::string out = "## Records\n\n";
    for (const object_schema* schema : all.records) {
        out += "### " + std::string(schema->record) + "\n\n";
        if (!schema->fields.empty()) out += field_table(*schema);
        if (schema->choice) out += kinds_table(*schema->choice);
    }
    return out;
}

std::string vocabulary_section(const inventory& all) {
    std::string out =
        "## Vocabulary\n\n| name | kind | range | letters | example | |\n| --- | --- | --- | --- | "
        "--- | --- |\n";
    for (const rule* rule : all.rules)
        out += "| " + std::string(rule->name) + " | " + kind_word(*rule) + " | " + range(*rule) +
               " | " + letters(*rule) + " | `" + value_text(*rule).bytes() + "` | " +
               std::string(rule->doc) + " |\n";
    return out + "\n";
}

std::string codes_section() {
    std::string out =
        "## Error codes\n\nRetry: the same request may be sent again unchanged, after `retry_ms` "
        "when it is given.\n\n"
        "| code | HTTP | retry | |\n| --- | --- | --- | --- |\n";
    for (const auto& meaning : protocol::error_meanings)
        out += "| `" + std::string(meaning.word) + "` | " + std::to_string(meaning.http_status) +
               " | " + (meaning.retry ? "yes" : "no") + " | " + std::string(meaning.doc) + " |\n";
    out +=
        "\n## Close codes\n\n1001, 1002, 1003, 1007 and 1009 mean what RFC 6455, section 7.4.1 "
        "says. A client comes "
        "back "
        "by itself after any code but 41xx,\nwith full-jitter back-off from " +
        with_separators(protocol::limits::reconnect_first_ms) + " ms to " +
        with_separators(protocol::limits::reconnect_max_ms) +
        " ms.\n\n| code | client | |\n| --- | --- | --- |\n";
    for (const auto& meaning : protocol::close_meanings) {
        const auto code = static_cast<std::uint16_t>(meaning.code);
        out += "| " + std::to_string(code) + " | " +
               (protocol::may_come_back(code) ? "comes back" : "stops") + " | " +
               std::string(meaning.doc) + " |\n";
    }
    return out + "\n";
}

struct limit_row {
    const char* name;
    std::uint64_t value;
    const char* unit;
};

std::string limits_section() {
    using namespace protocol::limits;
    const limit_row rows[] = {
        {"frame to the server", frame_in_bytes_max, "bytes"},
        {"frame from the server", frame_out_bytes_max, "bytes"},
        {"text of a message", text_bytes_max, "bytes of UTF-8"},
        {"title of a room", title_bytes_max, "bytes of UTF-8"},
        {"events in one answer", history_page_max, ""},
        {"rooms in one answer", rooms_page_max, ""},
        {"rooms on a person's list", joined_rooms_max, ""},
        {"rooms subscribed by a connection", subscriptions_max, ""},
        {"requests in flight on a connection", requests_in_flight_max, ""},
        {"messages at once", send_burst, ""},
        {"messages a second after that", send_per_second, ""},
        {"bad frames in a row before 4100", bad_frames_in_a_row_max, ""},
        {"between two typing signs that are passed on", typing_interval_ms, "ms"},
        {"until a typing sign expires", typing_expiry_ms, "ms"},
        {"between two `head`s of a room", head_interval_ms, "ms"},
        {"of silence before the server pings", ping_after_ms, "ms"},
        {"of silence before the server closes with 4002", silence_max_ms, "ms"},
        {"without reading before the server closes with 4001", stalled_reader_ms, "ms"},
    };
    std::string out =
        "## Limits\n\nThe defaults; `welcome.limits` says what holds on a server.\n\n| | at most "
        "|\n| --- | --- |\n";
    for (const limit_row& row : rows)
        out += "| " + std::string(row.name) + " | " + with_separators(row.value) +
               (*row.unit ? " " : "") + row.unit + " |\n";
    return out;
}

}  // namespace

std::string reference() {
    const inventory all = inventory_of_all();
    return intro + std::to_string(protocol::limits::bad_frames_in_a_row_max) + intro_end +
           messages("From a client, on the WebSocket", protocol::messages_in<protocol::request>()) +
           messages("From a server", protocol::messages_in<protocol::notice>()) + http_section() +
           messages("Accounts, over HTTP", protocol::messages_in<protocol::account_request>()) +
           records_section(all) + vocabulary_section(all) + codes_section() + limits_section();
}

}  // namespace parley::vectors
