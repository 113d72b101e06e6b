// What the process inherits from whoever started it: streams, descriptors, signals.
#pragma once

#include "server/config/config.hpp"

#include <boost/asio/signal_set.hpp>

namespace parley {

// The very first step of main. Standard streams that are closed are opened on /dev/null: otherwise
// the next socket or file would take their number, and lines for people would be written into it.
// Files that are created from now on are for their owner alone. std::runtime_error when there is no
// /dev/null.
void prepare_process();

// Raises the limit of open files as far as it may be raised. std::runtime_error, in one line that
// says what to do, when that is less than a server needs.
void claim_descriptors(const config::config& settings);

// What was ignored when the process started stays ignored: whoever starts it by nohup, or in the
// background of a script, wants that.
void add_unless_ignored(boost::asio::signal_set& signals, int signal);
bool is_ignored(int signal);

}  // namespace parley
