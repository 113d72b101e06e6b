// Every limit that a peer can reach, with its unit and its reason. `welcome.limits` announces them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace parley::protocol::limits {

// Integers travel as JSON numbers; 2^53 - 1 is the largest that JavaScript holds exactly (RFC 8259,
// section 6).
inline constexpr std::uint64_t integer_max = (1ULL << 53) - 1;
inline constexpr std::uint64_t request_id_max = 0xFFFF'FFFF;

// Frames. A request must hold the longest text with every byte escaped as two (`\n`, `\"`), and its
// envelope.
inline constexpr std::size_t frame_in_bytes_max = 64 * 1024;
inline constexpr std::size_t frame_out_bytes_max = 256 * 1024;

// Text that people write, in bytes of UTF-8.
inline constexpr std::size_t text_bytes_max = 16'384;
inline constexpr std::size_t title_bytes_max = 128;
inline constexpr std::size_t display_name_bytes_max = 64;
inline constexpr std::size_t client_name_bytes_max = 64;
inline constexpr std::size_t explanation_bytes_max = 512;
inline constexpr std::size_t reason_bytes_max = 256;

// Names: `a-z 0-9 . _ -`.
inline constexpr std::size_t user_name_bytes_min = 2;
inline constexpr std::size_t user_name_bytes_max = 32;
inline constexpr std::size_t room_name_bytes_max = 64;

// Secrets. The upper bound keeps argon2id from being fed megabytes; the lower is NIST SP
// 800-63B, 5.1.1.
inline constexpr std::size_t password_bytes_min = 8;
inline constexpr std::size_t password_bytes_max = 256;
inline constexpr std::size_t token_bytes_max = 64;
inline constexpr std::size_t nonce_bytes_max = 32;

// Changes of one message.
inline constexpr std::size_t edits_max = 100;
inline constexpr std::size_t emoji_max = 20;         // different ones on a message
inline constexpr std::size_t own_emoji_max = 10;     // of one person on a message
inline constexpr std::size_t reactions_max = 2'000;  // on a message, of all people
inline constexpr std::size_t emoji_bytes_max = 64;
inline constexpr std::size_t reaction_people_max = 20;  // named
inline constexpr std::size_t pins_max = 100;            // pinned messages of a room

// Lists and pages.
inline constexpr std::size_t history_page_max = 200;
inline constexpr std::size_t rooms_page_max = 256;
inline constexpr std::size_t subscriptions_max = 64;
inline constexpr std::size_t joined_rooms_max = rooms_page_max;
inline constexpr std::size_t presence_names_max = 50;
inline constexpr std::size_t sessions_max = 64;
inline constexpr std::size_t counted_rooms_max = 64;
inline constexpr std::size_t direct_people_max = 8;

// What one person keeps on the server. All of it fits one frame, with the kind and the seq of each
// record (see personal_weight).
inline constexpr std::size_t setting_bytes_max = 256;
inline constexpr std::size_t note_bytes_max = 256;
inline constexpr std::size_t personal_bytes_max = 224 * 1024;
inline constexpr std::size_t personal_record_bytes = 64;  // beside its fields
// So much is left to the other kinds when drafts and saved messages are too long.
inline constexpr std::size_t short_records_bytes = 32 * 1024;
inline constexpr std::size_t personal_changes_max = personal_bytes_max / personal_record_bytes;
// Records that weigh more than this come after `welcome`, in a `person`.
inline constexpr std::size_t welcome_changes_bytes_max = 16 * 1024;
// A device that is further behind in its person's log than this many changes is sent everything.
inline constexpr std::uint64_t personal_log_window = 1'000;

// Rates of one connection.
inline constexpr std::size_t requests_in_flight_max = 32;
inline constexpr std::uint64_t send_burst = 30;
inline constexpr std::uint64_t send_per_second = 5;
inline constexpr std::uint64_t typing_interval_ms = 3'000;
inline constexpr std::uint64_t typing_expiry_ms = 6'000;
inline constexpr std::uint64_t head_interval_ms = 1'000;
inline constexpr std::size_t bad_frames_in_a_row_max = 10;

// Signs of life.
inline constexpr std::uint64_t ping_after_ms = 25'000;
inline constexpr std::uint64_t silence_max_ms = 60'000;
inline constexpr std::uint64_t stalled_reader_ms = 30'000;

// Coming back: full jitter between these (AWS Architecture Blog, "Exponential backoff and jitter").
inline constexpr std::uint64_t reconnect_first_ms = 200;
inline constexpr std::uint64_t reconnect_max_ms = 30'000;

static_assert(frame_in_bytes_max >= 2 * text_bytes_max + 1024,
              "the longest text fits a request when escaped");
static_assert(frame_out_bytes_max >= 2 * text_bytes_max + 1024, "the longest event fits a frame");
static_assert(frame_out_bytes_max >= (rooms_page_max + subscriptions_max) *
                                             (title_bytes_max + room_name_bytes_max +
                                              direct_people_max * (user_name_bytes_max + 4) + 256) +
                                         welcome_changes_bytes_max + 1024,
              "a full room list fits a frame, with records beside it");
static_assert(frame_out_bytes_max >= personal_bytes_max + 1024, "all records fit a frame");
static_assert(personal_bytes_max >= 2 * text_bytes_max + 1024, "the longest draft is taken");
static_assert(typing_expiry_ms >= 2 * typing_interval_ms,
              "a typing line does not flicker between two signs");
static_assert(silence_max_ms > 2 * ping_after_ms, "a peer has time for two pings");
static_assert(reconnect_first_ms < reconnect_max_ms);

}  // namespace parley::protocol::limits
