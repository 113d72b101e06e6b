// For every field: the example, each limit, one beyond each limit, wrong kinds, missing, doubled,
// and a stranger beside it. Each frame has one fault at most, so the field at fault is the one that
// was edited.
#include "tests/vectors/cases.hpp"
#include "tests/vectors/example.hpp"

namespace parley::vectors {

using protocol::error_code;
using protocol::field_schema;
using protocol::message_schema;
using protocol::object_schema;
using protocol::rule;
using protocol::value_kind;

namespace {

constexpr std::uint64_t example_id = 7;

// The cases of one message, field by field.
class message_cases {
public:
    message_cases(input set, const message_schema& schema, std::vector<vector_case>& cases)
        : set_(set), schema_(schema), cases_(cases) {}

    void add_all() {
        add(": only what is required", message_text(schema_, extent::required), {});
        add(": every field", message_text(schema_, extent::every), {});
        add_fields(*schema_.object);
    }

private:
    void add_fields(const object_schema& object) {
        for (const field_schema& field : object.fields) {
            path_.push_back(&field);
            add_edits(field);
            if (&field == &object.fields.back()) add_stranger();
            if (field.list)
                add_list_limits(field);
            else if (field.value)
                add_value_limits(*field.value, "", "");
            if (field.list && field.value) add_value_limits(*field.value, "[", "]");
            if (field.object) add_fields(*field.object);
            path_.pop_back();
        }
        if (!object.choice) return;
        for (const message_schema* kind : object.choice->kinds) add_fields(*kind->object);
    }

    void add_edits(const field_schema& field) {
        add_ok(": example", {});
        if (field.required) add_fault(": missing", {edit::action::absent});
        add_fault(": twice", {edit::action::twice});
        add_fault(": null", {edit::action::value, "null"});
        for (const char* wrong : wrong_kinds(field))
            add_fault(std::string(": wrong kind ") + wrong, {edit::action::value, wrong});
    }

    static std::vector<const char*> wrong_kinds(const field_schema& field) {
        if (field.list) return {"1", "{}"};
        if (field.object) return {"1", "[]"};
        switch (field.value->kind) {
            case value_kind::boolean: return {"1", "\"true\"", "{}"};
            case value_kind::integer: return {"\"1\"", "1.0", "1e1", "-1", "true", "[1]"};
            case value_kind::text: return {"1", "false", "[\"a\"]", "{}"};
        }
        return {};
    }

    void add_stranger() {
        const auto owner = path().substr(0, path().size() - path_.back()->name.size());
        const auto frame = message_text(schema_, path_, {edit::action::stranger_beside});
        const std::string name = ": a stranger beside it";
        if (set_ == input::notice)
            add(path_name() + name, frame, {}, message_text(schema_, path_, {}));
        else
            add(path_name() + name, frame,
                refusal{.code = error_code::bad_field, .field = owner + "stranger", .id = id()});
    }

    void add_list_limits(const field_schema& field) {
        const auto elements = [&](std::size_t n) {
            return edit{edit::action::value, field_text(field, n, size::smallest)};
        };
        const auto empty = message_text(schema_, path_, elements(0));
        const bool is_written = field.required || field.begin_list;
        add(path_name() + ": empty", empty, {},
            message_text(schema_, path_, is_written ? elements(0) : edit{edit::action::absent}));
        add_ok(": most elements", elements(field.list_max));
        add_fault(": one element too many", elements(field.list_max + 1));
        const std::string good = field_text(field, 1).bytes();
        const std::string wrong = field.object ? "3" : "{}";
        add_fault(": wrong kind of element", {edit::action::value, "[" + wrong + "]"}, "[0]");
        add_fault(": wrong kind of second element",
                  {edit::action::value, good.substr(0, good.size() - 1) + ",[]]"}, "[1]");
    }

    void add_value_limits(const rule& rule, const std::string& open, const std::string& close) {
        const std::string element = open.empty() ? "" : "[0]";
        const auto value = [&](const long_text& text) {
            return edit{edit::action::value, open + text + close};
        };
        if (rule.kind == value_kind::integer) {
            add_ok(": smallest", value(std::to_string(rule.min)));
            add_ok(": largest", value(std::to_string(rule.max)));
            add_fault(": beyond the largest", value(std::to_string(rule.max + 1)), element);
            if (rule.min > 0)
                add_fault(": below the smallest", value(std::to_string(rule.min - 1)), element);
        }
        if (rule.kind == value_kind::text) {
            const auto letters = [&](std::size_t n) {
                return value("\"" + long_text("a", n) + "\"");
            };
            add_ok(": shortest", letters(rule.min));
            add_ok(": longest", letters(rule.max));
            add_fault(": longer than the longest", letters(rule.max + 1), element);
            if (rule.min > 0)
                add_fault(": shorter than the shortest", letters(rule.min - 1), element);
        }
    }

    // As in resume[0].seq.
    std::string path() const {
        std::string text;
        for (const field_schema* field : path_) {
            text += field->name;
            if (field == path_.back()) break;
            text += field->list ? "[0]." : ".";
        }
        return text;
    }
    std::string path_name() const { return std::string(".").append(path()); }

    // An edited id cannot be read, but one that appears twice can.
    std::optional<std::uint64_t> id(const edit& change = {}) const {
        const bool declared = schema_.object->fields.front().name == "id";
        const bool edited =
            path() == "id" && change.act != edit::action::none && change.act != edit::action::twice;
        return declared && !edited ? std::optional(example_id) : std::nullopt;
    }

    void add_ok(const std::string& name, const edit& change) {
        add(path_name() + name, message_text(schema_, path_, change), {});
    }
    void add_fault(const std::string& name, const edit& change, const std::string& element = "") {
        add(path_name() + name, message_text(schema_, path_, change),
            refusal{.code = error_code::bad_field, .field = path() + element, .id = id(change)});
    }
    void add(const std::string& name, long_text frame, std::optional<refusal> refused,
             std::optional<long_text> canonical = {}) {
        const std::string type = set_ == input::account_body ? std::string(schema_.type) : "";
        cases_.push_back({std::string(schema_.type) + name, set_, type, std::move(frame),
                          std::move(refused), std::move(canonical)});
    }

    input set_;
    const message_schema& schema_;
    std::vector<vector_case>& cases_;
    std::vector<const field_schema*> path_;
};

template <class Set>
void add_set(input set, std::vector<vector_case>& cases) {
    for (const message_schema* schema : protocol::messages_in<Set>())
        message_cases(set, *schema, cases).add_all();
}

}  // namespace

std::vector<vector_case> field_cases() {
    std::vector<vector_case> cases;
    add_set<protocol::request>(input::request, cases);
    add_set<protocol::account_request>(input::account_body, cases);
    add_set<protocol::notice>(input::notice, cases);
    return cases;
}

}  // namespace parley::vectors
