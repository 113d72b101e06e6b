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
#include <variant>
#include <vector>

namespace parley::protocol {

struct object_schema;

// The count of a list that is not there, unlike one that is empty.
inline constexpr std::size_t unset = static_cast<std::size_t>(-1);

// Whether the tables keep what they say for people. Only PROTOCOL.md needs it; the page saves 3 KB.
#ifdef __EMSCRIPTEN__
inline constexpr bool docs_are_kept = false;
#else
inline constexpr bool docs_are_kept = true;
#endif

constexpr std::string_view kept_doc(std::string_view doc) {
    return docs_are_kept ? doc : std::string_view{};
}

// One field of one object. Its functions reach the member of an owner whose type is erased.
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
    std::size_t (*count)(const void* owner);  // of its values; `unset`, see presence_of_list
    const void* (*at)(const void* owner, std::size_t index);  // REQUIRES: index < count(owner)
    void (*begin_list)(void* owner);    // makes it present; null where an empty list says nothing
    void* (*append_slot)(void* owner);  // for one more value, to be filled
};

struct choice_schema;

struct object_schema {
    std::span<const field_schema> fields;
    std::string_view record;      // the name of a record that messages share; empty for a message
    const choice_schema* choice;  // null: all of its fields are in `fields`
};

struct message_schema {
    std::string_view type;
    std::string_view doc;
    const object_schema* object;
    bool web_socket_only;  // never a body of POST /api/1/<type>
};

// A field that names a kind, followed by the fields of that kind. It is written after all others.
struct choice_schema {
    std::string_view field;
    std::string_view doc;
    std::span<const message_schema* const> kinds;
    std::size_t (*index)(const void* owner);           // kinds.size(): a kind that is not known
    const void* (*at)(const void* owner);              // REQUIRES: index(owner) < kinds.size()
    void* (*emplace)(void* owner, std::size_t index);  // null: a kind that is not known
};

// Index of the message with this type, or messages.size().
constexpr std::size_t find_type(std::span<const message_schema* const> messages,
                                std::string_view type) {
    std::size_t index = 0;
    while (index < messages.size() && messages[index]->type != type) ++index;
    return index;
}

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
template <class T>
struct shape<std::optional<std::vector<T>>> {
    static constexpr bool required = false, list = true;
    using value = T;
};

template <auto Member>
struct member_of;
template <class Owner, class Type, Type Owner::*Member>
struct member_of<Member> {
    using type = Type;
    using kind = shape<Type>;

    static const Type& in(const void* owner) { return static_cast<const Owner*>(owner)->*Member; }
    static Type& in(void* owner) { return static_cast<Owner*>(owner)->*Member; }

    static std::size_t count(const void* owner) {
        if constexpr (kind::list && kind::required)
            return in(owner).size();
        else if constexpr (kind::list)
            return in(owner) ? in(owner)->size() : unset;
        else if constexpr (kind::required)
            return 1;
        else
            return in(owner) ? 1 : 0;
    }
    static const void* at(const void* owner, std::size_t index) {
        ensure(!kind::list || index < count(owner));
        if constexpr (kind::list && kind::required)
            return &in(owner)[index];
        else if constexpr (kind::list)
            return &(*in(owner))[index];
        else if constexpr (kind::required)
            return &in(owner);
        else
            return &*in(owner);
    }
    static void begin_list(void* owner) { in(owner).emplace(); }
    static void* append_slot(void* owner) {
        if constexpr (kind::list && kind::required)
            return &in(owner).emplace_back();
        else if constexpr (kind::list)
            return &in(owner)->emplace_back();
        else if constexpr (kind::required)
            return &in(owner);
        else
            return &in(owner).emplace();
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

// `static constexpr choice_schema choice()` beside the table.
template <class T>
inline constexpr choice_schema choice_of = T::choice();

template <class T>
constexpr const choice_schema* choice_or_null() {
    if constexpr (requires { T::choice(); })
        return &choice_of<T>;
    else
        return nullptr;
}

template <class T>
inline constexpr object_schema schema_of{.fields = std::span<const field_schema>(field_table<T>),
                                         .record = record_name<T>,
                                         .choice = choice_or_null<T>()};

template <class T>
inline constexpr message_schema message_of{.type = T::type,
                                           .doc = kept_doc(T::doc),
                                           .object = &schema_of<T>,
                                           .web_socket_only = is_web_socket_only<T>};

// The tables of a set of messages, in declaration order.
template <class Set>
struct table_of;
template <class... Messages>
struct table_of<std::variant<Messages...>> {
    static constexpr std::array<const message_schema*, sizeof...(Messages)> messages{
        &message_of<Messages>...};
};
template <class Set>
constexpr std::span<const message_schema* const> messages_in() {
    return table_of<Set>::messages;
}

// The first alternative of a choice: a kind that is not known here. What it said is not kept;
// passed on, it bears a word that no kind has.
struct unknown_kind {
    static constexpr std::string_view word = "unknown";
    bool operator==(const unknown_kind&) const = default;
};

// The word of a kind; empty: it is not known.
template <class... Kinds>
std::string_view kind_of(const std::variant<unknown_kind, Kinds...>& chosen) {
    return std::visit(
        [](const auto& kind) -> std::string_view {
            if constexpr (requires { kind.type; })
                return kind.type;
            else
                return {};
        },
        chosen);
}

namespace detail {
template <class Set>
struct kinds_of;
template <class... Kinds>
struct kinds_of<std::variant<unknown_kind, Kinds...>> {
    using known = std::variant<Kinds...>;
};

template <auto Member>
struct chosen;
template <class Owner, class Set, Set Owner::*Member>
struct chosen<Member> {
    using known = typename kinds_of<Set>::known;

    static std::size_t index(const void* owner) {
        const std::size_t index = (static_cast<const Owner*>(owner)->*Member).index();
        return index == 0 ? std::variant_size_v<known> : index - 1;
    }
    static const void* at(const void* owner) {
        return std::visit([](const auto& kind) -> const void* { return &kind; },
                          static_cast<const Owner*>(owner)->*Member);
    }
    template <std::size_t... Indexes>
    static void* emplace_at(Set& set, std::size_t index, std::index_sequence<Indexes...>) {
        void* kind = nullptr;
        const auto emplace = [&]<std::size_t Index>(std::integral_constant<std::size_t, Index>) {
            if (Index == index) kind = &set.template emplace<Index + 1>();
        };
        (emplace(std::integral_constant<std::size_t, Indexes>{}), ...);
        return kind;
    }
    static void* emplace(void* owner, std::size_t index) {
        Set& set = static_cast<Owner*>(owner)->*Member;
        set = unknown_kind{};
        return emplace_at(set, index, std::make_index_sequence<std::variant_size_v<known>>{});
    }
};
}  // namespace detail

// A variant whose first alternative is unknown_kind; the others are declared like messages.
template <auto Member>
constexpr choice_schema choice(std::string_view field, std::string_view doc) {
    using chosen = detail::chosen<Member>;
    using known = typename chosen::known;
    static_assert(find_type(messages_in<known>(), unknown_kind::word) ==
                  std::variant_size_v<known>);
    return {.field = field,
            .doc = kept_doc(doc),
            .kinds = messages_in<known>(),
            .index = chosen::index,
            .at = chosen::at,
            .emplace = chosen::emplace};
}

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
            .begin_list = nullptr,
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

// How a list is told: as `std::vector` it is written when it has elements, or always when it is
// `required`; as `std::optional<std::vector>` it is written when it is set, even when it is empty.
enum class presence_of_list : bool { optional, required };

namespace detail {
template <auto Member>
constexpr field_schema listed(field_schema schema, std::size_t max, presence_of_list presence) {
    static_assert(member_of<Member>::kind::list);
    schema.required = presence == presence_of_list::required;
    schema.list_max = max;
    if constexpr (!member_of<Member>::kind::required)
        schema.begin_list = member_of<Member>::begin_list;
    return schema;
}
}  // namespace detail

// A list of objects.
template <auto Member>
constexpr field_schema list(std::string_view name, std::size_t max, presence_of_list presence,
                            std::string_view doc) {
    return detail::listed<Member>(object<Member>(name, doc), max, presence);
}

// A list of scalars that obey a rule.
template <auto Member>
constexpr field_schema list(std::string_view name, std::size_t max, presence_of_list presence,
                            const rule& element, std::string_view doc) {
    field_schema schema = detail::field_of<Member>(name, doc);
    schema.value = &element;
    return detail::listed<Member>(schema, max, presence);
}

}  // namespace parley::protocol
