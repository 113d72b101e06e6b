// Declares messages: a struct of plain members, and a table that gives each member its name, rule
// and purpose. The codec, the validation, the reference document and the test vectors read these
// tables; nothing else knows the name of a field.
#pragma once

#include "shared/ensure.hpp"
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

// Whether the tables keep what they say for people. Only PROTOCOL.md needs it; the page saves 3 KB.
#ifdef __EMSCRIPTEN__
inline constexpr bool docs_are_kept = false;
#else
inline constexpr bool docs_are_kept = true;
#endif

constexpr std::string_view kept_doc(std::string_view doc) {
    return docs_are_kept ? doc : std::string_view{};
}

// One field of one object. The three functions reach the member of an owner whose type is erased.
// They point to a bool, std::uint64_t or std::string (by `value->kind`) or, when `object` is set,
// to a struct of that schema.
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
    void* (*append_slot)(void* owner);                        // for one more value, to be filled
};

struct object_schema {
    std::span<const field_schema> fields;
    std::string_view record;  // the name of a record that messages share; empty for a message
};

struct message_schema {
    std::string_view type;
    std::string_view doc;
    const object_schema* object;
    bool web_socket_only;  // never a body of POST /api/1/<type>
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
        if constexpr (kind::list) {
            ensure(index < member.size());
            return &member[index];
        } else if constexpr (!kind::required)
            return &*member;
        else
            return &member;
    }
    static void* append_slot(void* owner) {
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

// `static constexpr std::string_view record` beside the table: a record that messages share.
template <class T>
inline constexpr std::string_view record_name = [] {
    if constexpr (requires { T::record; })
        return T::record;
    else
        return std::string_view{};
}();

// `static constexpr bool web_socket_only = true` beside the table: never a body over HTTP.
template <class T>
inline constexpr bool is_web_socket_only = requires {
    T::web_socket_only;
};

template <class T>
inline constexpr object_schema schema_of{.fields = std::span<const field_schema>(field_table<T>),
                                         .record = record_name<T>};

template <class T>
inline constexpr message_schema message_of{.type = T::type,
                                           .doc = kept_doc(T::doc),
                                           .object = &schema_of<T>,
                                           .web_socket_only = is_web_socket_only<T>};

namespace detail {
template <auto Member>
constexpr field_schema field_of(std::string_view name, std::string_view doc) {
    using member = member_of<Member>;
    return {.name = name,
            .doc = kept_doc(doc),
            .required = member::kind::required,
            .list = member::kind::list,
            .list_max = 1,
            .value = nullptr,
            .object = nullptr,
            .count = member::count,
            .at = member::at,
            .append_slot = member::append_slot};
}
}  // namespace detail

// A scalar, required unless the member is optional.
template <auto Member>
constexpr field_schema field(std::string_view name, const rule& value, std::string_view doc) {
    static_assert(!detail::member_of<Member>::kind::list);
    field_schema schema = detail::field_of<Member>(name, doc);
    schema.value = &value;
    return schema;
}

// A nested object, required unless the member is optional.
template <auto Member>
constexpr field_schema object(std::string_view name, std::string_view doc) {
    field_schema schema = detail::field_of<Member>(name, doc);
    schema.object = &schema_of<typename detail::member_of<Member>::kind::value>;
    return schema;
}

// A `required` list is written even when it is empty.
enum class presence_of_list : bool { optional, required };

// A list of objects.
template <auto Member>
constexpr field_schema list(std::string_view name, std::size_t max, presence_of_list presence,
                            std::string_view doc) {
    static_assert(detail::member_of<Member>::kind::list);
    field_schema schema = object<Member>(name, doc);
    schema.required = presence == presence_of_list::required;
    schema.list_max = max;
    return schema;
}

// A list of scalars that obey a rule.
template <auto Member>
constexpr field_schema list(std::string_view name, std::size_t max, presence_of_list presence,
                            const rule& element, std::string_view doc) {
    static_assert(detail::member_of<Member>::kind::list);
    field_schema schema = detail::field_of<Member>(name, doc);
    schema.value = &element;
    schema.required = presence == presence_of_list::required;
    schema.list_max = max;
    return schema;
}

}  // namespace parley::protocol
