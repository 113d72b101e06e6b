// By default on Linux, a socket that listens on :: accepts IPv4 too.
#include "server/net/own_addresses.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <memory>

namespace parley::net {
namespace {

std::string text_of(const ifaddrs& interface, int family) {
    char text[INET6_ADDRSTRLEN];
    if (interface.ifa_addr == nullptr || interface.ifa_addr->sa_family != family) return {};
    if ((interface.ifa_flags & IFF_UP) == 0 || (interface.ifa_flags & IFF_LOOPBACK) != 0) return {};
    if (family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(*interface.ifa_addr);
        return ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof(text));
    }
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(*interface.ifa_addr);
    if (IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr)) return {};
    return ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof(text));
}

}  // namespace

std::vector<std::string> own_addresses(const std::string& host) {
    if (host != "0.0.0.0" && host != "::") return {host};
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) return {};
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, &::freeifaddrs);
    std::vector<std::string> out;
    for (const int family : {AF_INET, AF_INET6}) {
        if (family == AF_INET6 && host == "0.0.0.0") continue;
        for (const ifaddrs* at = list; at != nullptr; at = at->ifa_next) {
            auto text = text_of(*at, family);
            if (!text.empty() && out.size() < own_addresses_max) out.push_back(std::move(text));
        }
    }
    return out;
}

}  // namespace parley::net
