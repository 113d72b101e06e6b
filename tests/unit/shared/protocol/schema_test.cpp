// What the codec takes for granted about the declarations.
#include "shared/protocol/schema.hpp"

#include "shared/protocol/codec.hpp"
#include "shared/protocol/text.hpp"
#include "tests/unit/catch.hpp"

#include <set>
#include <string>

using namespace parley::protocol;

namespace {

template <class Visit>
void for_each_message(Visit visit) {
    for (const message_schema* schema : messages_in<request>()) visit(*schema);
    for (const message_schema* schema : messages_in<account_request>()) visit(*schema);
    for (const message_schema* schema : messages_in<notice>()) visit(*schema);
}

template <class Visit>
void for_each_object(const object_schema& schema, std::size_t depth, Visit visit) {
    visit(schema, depth);
    for (const field_schema& field : schema.fields)
        if (field.object) for_each_object(*field.object, depth + 1, visit);
    if (!schema.choice) return;
    for (const message_schema* kind : schema.choice->kinds)
        for_each_object(*kind->object, depth, visit);
}

std::size_t levels_of(const message_schema& schema) {
    std::size_t deepest = 0;
    for_each_object(*schema.object, 1, [&](const object_schema&, std::size_t depth) {
        deepest = std::max(deepest, depth);
    });
    return deepest;
}

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void check_example(const rule& rule) {
    INFO("rule " << rule.name);
    switch (rule.kind) {
        case value_kind::boolean: CHECK((rule.example == "true" || rule.example == "false")); break;
        case value_kind::integer:
            REQUIRE(is_number(rule.example));
            CHECK(obeys(rule, std::uint64_t{std::stoull(std::string(rule.example))}));
            CHECK(rule.max <= limits::integer_max);
            break;
        case value_kind::text: CHECK(obeys(rule, rule.example)); break;
    }
    CHECK(rule.min <= rule.max);
    CHECK_FALSE(rule.doc.empty());
}

}  // namespace

TEST_CASE("a table of fields fits the reader: fewer than 64 fields, few levels, each of one kind") {
    for_each_message([](const message_schema& schema) {
        INFO(schema.type);
        CHECK(levels_of(schema) <= 4);
        for_each_object(*schema.object, 1, [](const object_schema& object, std::size_t) {
            CHECK(object.fields.size() < 64);
            for (const field_schema& field : object.fields) {
                INFO(field.name);
                CHECK((field.value == nullptr) != (field.object == nullptr));
                CHECK(field.list_max >= 1);
                CHECK((field.list || field.list_max == 1));
            }
        });
    });
}

TEST_CASE("names are unique where they stand, and words that any language can hold") {
    for_each_message([](const message_schema& schema) {
        INFO(schema.type);
        CHECK(spelled_in(schema.type, alphabet::name));
        CHECK(schema.doc.empty() != docs_are_kept);
        for_each_object(*schema.object, 1, [](const object_schema& object, std::size_t) {
            std::set<std::string_view> names;
            for (const field_schema& field : object.fields) {
                INFO(field.name);
                CHECK(names.insert(field.name).second);
                CHECK(field.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") ==
                      std::string_view::npos);
                CHECK(field.doc.empty() != docs_are_kept);
            }
        });
        for (const field_schema& field : schema.object->fields) CHECK(field.name != "type");
    });
}

TEST_CASE("types are unique within a set, and `id` stands first where it stands") {
    const auto check = [](std::span<const message_schema* const> set) {
        std::set<std::string_view> types;
        for (const message_schema* schema : set) {
            INFO(schema->type);
            CHECK(types.insert(schema->type).second);
            const auto fields = schema->object->fields;
            for (std::size_t i = 1; i < fields.size(); ++i) CHECK(fields[i].name != "id");
        }
    };
    check(messages_in<request>());
    check(messages_in<account_request>());
    check(messages_in<notice>());
}

TEST_CASE("every rule is obeyed by its example") {
    for_each_message([](const message_schema& schema) {
        for_each_object(*schema.object, 1, [](const object_schema& object, std::size_t) {
            for (const field_schema& field : object.fields)
                if (field.value) check_example(*field.value);
        });
    });
}

TEST_CASE("error codes and close codes have their meanings") {
    CHECK(to_word(error_code::bad_frame) == "bad_frame");
    CHECK(to_word(error_code::internal) == "internal");
    std::set<std::string_view> words;
    std::set<std::string_view> retried;
    for (const auto& meaning : error_meanings) {
        CHECK(words.insert(meaning.word).second);
        CHECK(meaning.http_status >= 400);
        if (meaning.retry) retried.insert(meaning.word);
    }
    CHECK(retried == std::set<std::string_view>{"rate", "busy", "internal"});
    for (const auto& meaning : error_meanings) CHECK(code_of(meaning.word) == meaning.code);
    CHECK_FALSE(code_of("unheard_of"));
    for (const auto& meaning : close_meanings)
        CHECK(may_come_back(std::uint16_t(meaning.code)) ==
              (std::uint16_t(meaning.code) / 100 != 41));
    CHECK(may_come_back(1001));
    CHECK(may_come_back(1006));
}
