// A socket that listens on :: takes IPv4, too, as Linux has it by default.
#include "server/net/own_addresses.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <memory>

namespace parley::net {
namespace {

std::string text_of(const ifaddrs& each, int family) {
    char text[INET6_ADDRSTRLEN];
    if (each.ifa_addr == nullptr || each.ifa_addr->sa_family != family) return {};
    if ((each.ifa_flags & IFF_UP) == 0 || (each.ifa_flags & IFF_LOOPBACK) != 0) return {};
    if (family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(*each.ifa_addr);
        return ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof(text));
    }
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(*each.ifa_addr);
    if (IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr)) return {};
    return ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof(text));
}

}  // namespace

std::vector<std::string> own_addresses(const std::string& host) {
    if (host != "0.0.0.0" && host != "::") return {host};
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) return {};
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, &::freeifaddrs);
    std::vector<std::string> found;
    for (const int family : {AF_INET, AF_INET6}) {
        if (family == AF_INET6 && host == "0.0.0.0") continue;
        for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
            auto text = text_of(*each, family);
            if (!text.empty() && found.size() < own_addresses_max) found.push_back(std::move(text));
        }
    }
    return found;
}

}  // namespace parley::net
