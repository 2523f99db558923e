// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

namespace sim {

/// Sends `text` whole through a stream socket, so that receive_message() at the other end gets it
/// in one piece. False when the other end is gone.
bool send_message(int socket, std::string_view text);

/// Waits for a message. False when the other end has closed, even in the midst of one.
bool receive_message(int socket, std::string& text);

}  // namespace sim
