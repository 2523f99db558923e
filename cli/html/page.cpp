// SPDX-License-Identifier: BSD-2-Clause
#include "cli/html/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <ostream>

#include "cli/html/assets.hpp"
#include "sim/base/assert.hpp"

namespace cli {
namespace {

const models::EmbeddedFile& part(std::string_view name) {
  const auto parts = embedded_page_parts();
  const auto at = std::find_if(parts.begin(), parts.end(),
                               [&](const auto& candidate) { return candidate.name == name; });
  SIM_ASSERT(at != parts.end(), "every part of a page is embedded");
  return *at;
}

std::string source_of(std::string_view name) {
  return fmt::format("'sha256-{}'", base64_of_hex(part(name).sha256));
}

std::string policy(std::initializer_list<std::string_view> scripts) {
  std::string sources;
  for (const std::string_view name : scripts) {
    sources += ' ';
    sources += source_of(name);
  }
  if (sources.empty()) sources = " 'none'";
  return fmt::format(
      "default-src 'none'; script-src{}; style-src {}; img-src data:; base-uri 'none'; "
      "form-action 'none'",
      sources, source_of("page.css"));
}

void write_head(std::ostream& out, const std::string& title, const std::string& policy) {
  out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      << "<meta http-equiv=\"Content-Security-Policy\" content=\"" << policy << "\">\n"
      << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      << "<meta name=\"color-scheme\" content=\"light dark\">\n"
      << "<link rel=\"icon\" href=\"data:,\">\n"
      << "<title>" << escape_html(title) << "</title>\n<style>" << part("page.css").text
      << "</style>\n</head>\n<body>\n";
}

constexpr std::string_view kEnd = "</body>\n</html>\n";

unsigned digit(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); }

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string escape_json_for_html(std::string_view json) {
  std::string escaped;
  escaped.reserve(json.size() + json.size() / 16);
  for (const char c : json) {
    // `<` occurs in strings only, where the escape means the same.
    if (c == '<') {
      escaped += "\\u003c";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string base64_of_hex(std::string_view hex) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < hex.size(); i += 6) {
    // Six hexadecimal digits are four of base 64.
    const std::size_t count = std::min<std::size_t>(6, hex.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 6; ++k) bits = bits << 4U | (k < count ? digit(hex[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) {
      text += k * 2 > count ? '=' : kDigits[bits >> (18 - 6 * k) & 63U];
    }
  }
  return text;
}

void write_page(std::ostream& out, const std::string& title, std::string_view data,
                std::initializer_list<std::string_view> scripts) {
  write_head(out, title, policy(scripts));
  out << "<noscript>This report needs JavaScript, all of which is in this file.</noscript>\n"
      << "<script type=\"application/json\" id=\"data\">" << escape_json_for_html(data)
      << "</script>\n";
  for (const std::string_view name : scripts) {
    out << "<script>" << part(name).text << "</script>\n";
  }
  out << kEnd;
}

void write_static_page(std::ostream& out, const std::string& title, std::string_view body) {
  write_head(out, title, policy({}));
  out << body << kEnd;
}

}  // namespace cli
