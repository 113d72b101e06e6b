// The ledger's twin for tests of pure code: maps instead of tables, judged by the same rules, that
// works when it is told to. What it committed stays through a crash; what waited, and answers on
// their way, are lost.
#pragma once

#include "server/chat/announcer.hpp"
#include "server/chat/keys.hpp"
#include "server/chat/rules.hpp"
#include "server/chat/working_set.hpp"
#include "shared/fold/fold.hpp"
#include "tests/commands.hpp"
#include "tests/identities.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace parley::simulation {

class map_ledger final : public chat::ledger {
public:
    // A `lobby` is there from the start. `open_to_all`: every name is an account's without signing
    // up.
    explicit map_ledger(chat::bus& others, bool open_to_all = true);

    void submit(chat::command what, std::function<void(chat::outcome)> done) override;
    void look_up(chat::query wanted, std::function<void(chat::any_answer)> done) override;

    // Any of what follows, the oldest first. False: nothing to do.
    bool step();
    // Commits the oldest `group` commands together; delivers the answers of the oldest group, and
    // then its hint. False: there is none.
    bool write(std::size_t group);
    bool answer_oldest();
    // Queries are read beside the commits and beside each other, so any of them may be the next to
    // be carried out, and the next to be answered. False: there is none.
    bool read(std::size_t any);
    bool answer_query(std::size_t any);
    // The same, of older pages and counts: what a connection that is well asks for.
    bool answer_page(std::size_t any);
    std::size_t waiting() const { return waiting_.size() + queries_.size(); }
    bool idle() const {
        return waiting() == 0 && done_.empty() && found_.empty() && pages_.empty();
    }
    void crash();

    // Queries since the test last cleared them.
    struct queries {
        std::size_t pages = 0;
        std::size_t lists = 0;  // of one person's rooms
    } asked;

    // Asked before each request; true: it is refused with `busy`.
    std::function<bool()> refuses;

    // Commits a message as somebody elsewhere would; its hint is published, or lost.
    void say(const std::string& room, const std::string& author, const std::string& text,
             bool hint_lost = false);

    const std::vector<protocol::event>& log(const std::string& room) const {
        return rooms_.at(room).events;
    }
    bool has_room(const std::string& room) const { return rooms_.contains(room); }
    std::vector<std::string> rooms() const;
    const chat::room_row& row(const std::string& room) const { return rooms_.at(room).row; }
    // True also of a room that is not there.
    bool admits(const std::string& room, const std::string& user) const;
    bool is_member(const std::string& room, const std::string& user) const;
    std::vector<std::string> rooms_of(const std::string& user) const;
    // How much had been said in the room when the user last took it off their list; 0: never.
    std::uint64_t said_when_left(const std::string& room, const std::string& user) const;
    std::uint64_t read_by(const std::string& room, const std::string& user) const;
    // The same for any other command.
    void happen(const chat::command& command, bool hint_lost = false);

    // What the person keeps, but for membership and marks.
    chat::personal_changes kept_by(const std::string& user) const;

    std::uint64_t unread(const std::string& room, const std::string& user) const;
    void join(const std::string& room, const std::string& user);
    // The message as it is now.
    protocol::event shown(const std::string& room, std::uint64_t seq) const {
        return folded(rooms_.at(room), rooms_.at(room).events.at(seq - 1));
    }

private:
    struct stored_room {
        chat::room_row row;
        std::vector<protocol::event> events;
        std::map<std::string, chat::read_position> read_by;  // members
        std::map<std::string, std::uint64_t> left_at;        // by former members: `said` then
    };

    protocol::room_summary summary_of(const stored_room& stored, const chat::identity& by) const;
    static chat::page page_of(const stored_room& stored, std::uint64_t from, std::uint64_t to);
    static protocol::event folded(const stored_room& stored, protocol::event event);
    std::optional<protocol::event> find_message(const chat::event_key& key) const;
    std::uint64_t said_by(const chat::event_key& key) const;

    // ---- one command: what it names is loaded, judged and written back
    chat::outcome carry_out(const chat::command& command);
    void load(const chat::row_keys& keys, chat::working_set& set) const;
    std::optional<chat::room_row> find_room(const std::string& name) const;
    std::optional<chat::room_row> find_direct_room(const std::vector<std::string>& people) const;
    std::optional<chat::person_row> find_person(const std::string& user) const;
    void load_wordings(const chat::wordings_key& key, chat::working_set& set) const;
    void load_session(const std::string& session, chat::working_set& set) const;
    const chat::session_row* find_session(const std::string& name) const;
    void load_log(const std::string& user, chat::working_set& set) const;
    void load_record(const chat::record_key& key, chat::working_set& set) const;
    void write(const chat::working_set& set, const chat::insert_event& change);
    void write(const chat::working_set& set, const chat::insert_room& change);
    void write(const chat::working_set& set, const chat::update_top& change);
    void write(const chat::working_set& set, const chat::insert_person& change);
    void write(const chat::working_set& set, const chat::insert_session& change);
    void write(const chat::working_set& set, const chat::delete_session& change);
    void write(const chat::working_set& set, const chat::touch_session& change);
    void write(const chat::working_set& set, const chat::update_log& change);
    void write(const chat::working_set& set, const chat::update_record& change);
    void write(const chat::working_set& set, const chat::delete_records& change);
    void write(const chat::working_set& set, const chat::insert_member& change);
    void write(const chat::working_set& set, const chat::delete_member& change);
    void write(const chat::working_set& set, const chat::update_read& change);
    void write(const chat::working_set& set, const chat::update_fold& change);
    void write(const chat::working_set& set, const chat::update_body& change);

    static chat::refusal refused(protocol::error_code code);
    std::optional<chat::refusal> refuse_entry(const std::string& room,
                                              const chat::identity& who) const;
    chat::answer_to<chat::read_page> find(const chat::read_page& wanted) const;
    chat::answer_to<chat::read_run> find(const chat::read_run& wanted) const;
    chat::answer_to<chat::read_counts> find(const chat::read_counts& wanted) const;
    chat::answer_to<chat::read_versions> find(const chat::read_versions& wanted) const;
    chat::personal_changes changes_since(const chat::identity& by,
                                         std::optional<std::uint64_t> since) const;
    chat::answer_to<chat::read_rooms> find(const chat::read_rooms& wanted) const;
    chat::answer_to<chat::read_public_rooms> find(const chat::read_public_rooms& wanted) const;
    chat::answer_to<chat::find_session> find(const chat::find_session& wanted) const;
    chat::answer_to<chat::find_person> find(const chat::find_person& wanted) const;
    chat::answer_to<chat::check_sessions> find(const chat::check_sessions& wanted) const;
    chat::answer_to<chat::read_sessions> find(const chat::read_sessions& wanted) const;

    struct unbatched final : chat::delivery_batches {
        void begin() override {}
        void end() override {}
    } batches_;
    chat::announcer announcer_;
    const bool open_to_all_;
    std::map<std::string, stored_room> rooms_;
    std::map<std::string, chat::person_row> people_;
    std::map<std::string, chat::log_row> logs_;
    std::map<chat::record_key, chat::kept_record> records_;               // and those that are gone
    std::map<std::pair<std::string, std::string>, chat::spoken> nonces_;  // of an author
    std::uint64_t sessions_ = 0;
    std::uint64_t said_ = 0;  // by `say`
    chat::commit fresh_;
    using answering = std::function<void()>;
    std::deque<std::function<answering()>> waiting_;
    std::deque<answering> done_;
    std::deque<std::function<answering()>> queries_;
    std::deque<answering> found_, pages_;
};

}  // namespace parley::simulation
