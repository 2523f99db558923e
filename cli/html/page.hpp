// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <initializer_list>
#include <iosfwd>
#include <string>
#include <string_view>

namespace cli {

/// Writes a page: style, data and scripts in one file, and a Content-Security-Policy that lets run
/// these scripts alone (by their SHA-256) and forbids every request. `title` and `data` (JSON) may
/// hold any text; `scripts` are names of page parts, run in this order.
void write_page(std::ostream& out, const std::string& title, std::string_view data,
                std::initializer_list<std::string_view> scripts);

/// The same of a page without scripts, which shows `body` (HTML) as it stands.
void write_static_page(std::ostream& out, const std::string& title, std::string_view body);

/// `text` with what has a meaning in HTML written as character references.
std::string escape_html(std::string_view text);

/// JSON that may stand in a script element: no `<`, hence no end of it and no comment.
std::string escape_json_for_html(std::string_view json);

/// Base64 of bytes given as hexadecimal digits.
std::string base64_of_hex(std::string_view hex);

}  // namespace cli
