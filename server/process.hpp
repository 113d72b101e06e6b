// What the process inherits when it is started: streams, descriptors, signals.
#pragma once

#include "server/config/config.hpp"

#include <boost/asio/signal_set.hpp>

namespace parley {

// The very first step of main. Opens /dev/null as each standard stream that is closed: otherwise
// the next socket or file would get its number, and lines for people would be written into it. From
// now on only their owner may read new files. std::runtime_error when there is no /dev/null.
void prepare_process();

// Raises the limit of open files as far as allowed. std::runtime_error, in one line that says what
// to do, if the server needs more.
void claim_descriptors(const config::config& settings);

// A signal that was ignored when the process started stays ignored: nohup, and a script that starts
// it in the background, need that.
void add_unless_ignored(boost::asio::signal_set& signals, int signal);
bool is_ignored(int signal);

}  // namespace parley
