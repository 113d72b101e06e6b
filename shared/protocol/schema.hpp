// How a message is declared: a struct of plain members beside a table that names each one, its rule
// and its purpose. Codec, validation, reference document and test vectors walk these tables;
// nothing else knows a field's name.
#pragma once

#include "shared/protocol/rule.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace parley::protocol {

struct object_schema;

// One field of one object. The three functions reach the member behind a type-erased owner; what
// they point to is a bool, std::uint64_t, std::string (by `value->kind`) or, when `object` is set,
// a struct of that schema.
struct field_schema {
    std::string_view name;
    std::string_view doc;
    bool required;
    bool list;
    std::size_t list_max;                     // most elements; only for lists
    const rule* value;                        // of the scalar, or of each element; null for objects
    const object_schema* object;              // of the object, or of each element; null for scalars
    std::size_t (*count)(const void* owner);  // 0 when absent
    const void* (*at)(const void* owner, std::size_t index);  // REQUIRES: index < count(owner)
    void* (*place)(void* owner);                              // makes room for one more value
};

struct object_schema {
    std::span<const field_schema> fields;
};

struct message_schema {
    std::string_view type;
    std::string_view doc;
    const object_schema* object;
};

namespace detail {

template <class Member>
struct shape {
    static constexpr bool required = true, list = false;
    using value = Member;
};
template <class T>
struct shape<std::optional<T>> {
    static constexpr bool required = false, list = false;
    using value = T;
};
template <class T>
struct shape<std::vector<T>> {
    static constexpr bool required = true, list = true;
    using value = T;
};

template <auto Member>
struct member_of;
template <class Owner, class Type, Type Owner::*Member>
struct member_of<Member> {
    using type = Type;
    using kind = shape<Type>;

    static std::size_t count(const void* owner) {
        const Type& member = static_cast<const Owner*>(owner)->*Member;
        if constexpr (kind::list)
            return member.size();
        else if constexpr (!kind::required)
            return member.has_value() ? 1 : 0;
        else
            return 1;
    }
    static const void* at(const void* owner, std::size_t index) {
        const Type& member = static_cast<const Owner*>(owner)->*Member;
        if constexpr (kind::list)
            return &member[index];
        else if constexpr (!kind::required)
            return &*member;
        else
            return &member;
    }
    static void* place(void* owner) {
        Type& member = static_cast<Owner*>(owner)->*Member;
        if constexpr (kind::list)
            return &member.emplace_back();
        else if constexpr (!kind::required)
            return &member.emplace();
        else
            return &member;
    }
};

}  // namespace detail

// The table of a struct: `static constexpr auto fields()` beside its members.
template <class T>
inline constexpr auto field_table = T::fields();

template <class T>
inline constexpr object_schema schema_of{std::span<const field_schema>(field_table<T>)};

template <class T>
inline constexpr message_schema message_of{T::type, T::doc, &schema_of<T>};

// A scalar, required unless the member is optional.
template <auto Member>
constexpr field_schema field(std::string_view name, const rule& value, std::string_view doc) {
    using member = detail::member_of<Member>;
    static_assert(!member::kind::list);
    return {name,   doc,     member::kind::required, false,      1,
            &value, nullptr, member::count,          member::at, member::place};
}

// A nested object, required unless the member is optional.
template <auto Member>
constexpr field_schema object(std::string_view name, std::string_view doc) {
    using member = detail::member_of<Member>;
    return {name,
            doc,
            member::kind::required,
            false,
            1,
            nullptr,
            &schema_of<typename member::kind::value>,
            member::count,
            member::at,
            member::place};
}

// A list of objects, or of scalars when a rule is given. `required` lists are written even when
// empty.
enum class presence_of_list : bool { optional, required };

template <auto Member>
constexpr field_schema list(std::string_view name, std::size_t max, presence_of_list presence,
                            std::string_view doc) {
    using member = detail::member_of<Member>;
    static_assert(member::kind::list);
    return {name,       doc,          presence == presence_of_list::required,   true,
            max,        nullptr,      &schema_of<typename member::kind::value>, member::count,
            member::at, member::place};
}

template <auto Member>
constexpr field_schema list(std::string_view name, std::size_t max, presence_of_list presence,
                            const rule& element, std::string_view doc) {
    using member = detail::member_of<Member>;
    static_assert(member::kind::list);
    return {name,         doc,           presence == presence_of_list::required,
            true,         max,           &element,
            nullptr,      member::count, member::at,
            member::place};
}

}  // namespace parley::protocol
