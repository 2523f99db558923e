// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/json_text.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <iterator>

namespace models {

void ErrorList::add(ScenarioError error) {
  if (errors_.size() < ScenarioErrors::kMaxErrors) {
    errors_.push_back(std::move(error));
  } else {
    ++omitted_;
  }
}

void ErrorList::throw_if_any() const {
  if (!errors_.empty()) throw ScenarioErrors(errors_, omitted_);
}

std::string child_pointer(const std::string& pointer, std::string_view member) {
  std::string result = pointer + "/";
  for (char c : member) {
    if (c == '~') {
      result += "~0";
    } else if (c == '/') {
      result += "~1";
    } else {
      result += c;
    }
  }
  return result;
}

std::string number_text(double value) {
  if (std::isfinite(value) && value == std::floor(value) && std::fabs(value) < 1e15) {
    return fmt::format("{}", static_cast<std::int64_t>(value));
  }
  return fmt::format("{}", value);
}

namespace {

/// Length of the valid UTF-8 sequence at the start of `text`, 0 when there is none (RFC 3629).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!follows(1) || !follows(2)) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;  // overlong
    if (first == 0xED && byte(1) > 0x9F) return 0;  // surrogates
    return 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!follows(1) || !follows(2) || !follows(3)) return 0;
    if (first == 0xF0 && byte(1) < 0x90) return 0;  // overlong
    if (first == 0xF4 && byte(1) > 0x8F) return 0;  // above U+10FFFF
    return 4;
  }
  return 0;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string quote(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string result = "\"";
  std::size_t shown = 0;
  while (!text.empty() && shown < kLongest) {
    const std::size_t length = utf8_length(text);
    const auto first = static_cast<unsigned char>(text[0]);
    if (length == 0 || first < 0x20 || first == 0x7F) {
      result += fmt::format("\\x{:02x}", first);
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
    ++shown;
  }
  return result + (text.empty() ? "\"" : "...\"");
}

std::string describe_found(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::boolean:
      return value.get<bool>() ? "true (a boolean)" : "false (a boolean)";
    case Json::value_t::string:
      return quote(value.get_ref<const std::string&>()) + " (a string)";
    case Json::value_t::number_integer:
      return fmt::format("{} (a number)", value.get<std::int64_t>());
    case Json::value_t::number_unsigned:
      return fmt::format("{} (a number)", value.get<std::uint64_t>());
    case Json::value_t::number_float:
      return fmt::format("{} (a number)", number_text(value.get<double>()));
    case Json::value_t::array:
      return value.empty()
                 ? "an empty array"
                 : fmt::format("an array of {} item{}", value.size(), value.size() == 1 ? "" : "s");
    case Json::value_t::object: {
      if (value.empty()) return "an empty object";
      return fmt::format("an object with {}", quote(value.begin().key()));
    }
    default:
      return "something that is no JSON";
  }
}

namespace {

/// Counts what the parser has taken, which is the only clue to positions that it leaves.
struct CountingIterator {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at = nullptr;
  const char** taken = nullptr;

  reference operator*() const { return *at; }
  CountingIterator& operator++() {
    ++at;
    *taken = at;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return at == other.at; }
  bool operator!=(const CountingIterator& other) const { return at != other.at; }
};

/// Beyond so many values, an error names the position of the array or object around its own: bounds
/// the memory that a large file takes.
constexpr std::size_t kMostPositions = 100000;

/// Builds the tree from the parser's events.
class TreeBuilder : public nlohmann::json_sax<Json> {
 public:
  TreeBuilder(const std::string& text, const std::string& label, ErrorList& errors)
      : text_(text), label_(label), errors_(errors), taken_(text.data()) {}

  bool run() {
    const char* const end = text_.data() + text_.size();
    return Json::sax_parse(CountingIterator{text_.data(), &taken_}, CountingIterator{end, &taken_},
                           this, nlohmann::detail::input_format_t::json, true, true);
  }
  ParsedJson take() { return std::move(parsed_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(std::int64_t value) override { return add(value); }
  bool number_unsigned(std::uint64_t value) override { return add(value); }
  bool number_float(double value, const std::string& /*token*/) override { return add(value); }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(Json::binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(Json::object()); }
  bool start_array(std::size_t /*size*/) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    const std::size_t start = token_start();
    Frame& frame = frames_.back();
    frame.key = name;
    frame.awaits_value = true;
    if (frame.node->contains(name)) {
      report(start, child_pointer(frame.pointer, name), "the field " + quote(name) + " again",
             "each field once in an object", "");
    }
    last_end_ = taken();
    return true;
  }

  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::json::exception& error) override;

 private:
  struct Frame {
    Json* node;
    std::string pointer;
    std::string key;
    bool awaits_value = false;  ///< an object's `key` has been read, its value not yet
  };

  std::size_t taken() const { return static_cast<std::size_t>(taken_ - text_.data()); }

  /// Offset of the token that the parser has just taken.
  std::size_t token_start() const {
    std::size_t i = last_end_;
    if (i == 0 && text_.starts_with("\xEF\xBB\xBF")) i = 3;
    for (;;) {
      i = text_.find_first_not_of(" \t\r\n,:", i);
      if (i == std::string::npos) return text_.size();
      if (text_[i] != '/' || i + 1 >= text_.size()) return i;
      const bool line_comment = text_[i + 1] == '/';
      const std::size_t end = text_.find(line_comment ? "\n" : "*/", i + 2);
      if (end == std::string::npos) return text_.size();
      i = end + (line_comment ? 1 : 2);
    }
  }

  TextPosition position_of(std::size_t offset) {
    if (offset < counted_) {
      counted_ = 0;
      line_start_ = 0;
      line_ = 1;
    }
    for (; counted_ < offset && counted_ < text_.size(); ++counted_) {
      if (text_[counted_] == '\n') {
        ++line_;
        line_start_ = counted_ + 1;
      }
    }
    return {line_, static_cast<int>(offset - line_start_) + 1};
  }

  void report(std::size_t offset, std::string pointer, std::string found, std::string allowed,
              std::string hint) {
    const TextPosition where = position_of(offset);
    errors_.add({label_, std::move(pointer), std::move(found), std::move(allowed), std::move(hint),
                 where.line, where.column});
  }

  /// Pointer of the value that comes next.
  std::string next_pointer() const {
    if (frames_.empty()) return {};
    const Frame& frame = frames_.back();
    return frame.node->is_array() ? child_pointer(frame.pointer, std::to_string(frame.node->size()))
                                  : child_pointer(frame.pointer, frame.key);
  }

  /// Pointer of what the parser was at when it gave up.
  std::string error_pointer() const {
    const bool between_members =
        !frames_.empty() && frames_.back().node->is_object() && !frames_.back().awaits_value;
    return between_members ? frames_.back().pointer : next_pointer();
  }

  Json* place(Json value, std::size_t start) {
    std::string pointer = next_pointer();
    if (parsed_.positions.size() < kMostPositions) parsed_.positions[pointer] = position_of(start);
    if (frames_.empty()) {
      parsed_.tree = std::move(value);
      return &parsed_.tree;
    }
    Frame& frame = frames_.back();
    if (frame.node->is_array()) {
      frame.node->push_back(std::move(value));
      return &frame.node->back();
    }
    frame.awaits_value = false;
    Json& member = (*frame.node)[frame.key];
    member = std::move(value);
    return &member;
  }

  bool add(Json value) {
    const std::size_t start = token_start();
    constexpr std::string_view kNumber = "+-.0123456789eE";
    std::size_t end = taken();
    if (value.is_number()) {  // the parser has looked one byte beyond a number
      end = start;
      while (end < text_.size() && kNumber.find(text_[end]) != std::string_view::npos) ++end;
    }
    place(std::move(value), start);
    last_end_ = end;
    return true;
  }

  bool open(Json container) {
    const std::size_t start = token_start();
    std::string pointer = next_pointer();
    if (frames_.size() >= static_cast<std::size_t>(kMaxDepth)) {
      report(start, pointer, fmt::format("nesting deeper than {} levels", kMaxDepth),
             fmt::format("at most {} levels of objects and arrays", kMaxDepth), "");
      return false;
    }
    Json* node = place(std::move(container), start);
    frames_.push_back({node, std::move(pointer), {}, false});
    last_end_ = taken();
    return true;
  }

  bool close() {
    frames_.pop_back();
    last_end_ = taken();
    return true;
  }

  const std::string& text_;
  const std::string& label_;
  ErrorList& errors_;
  ParsedJson parsed_;
  std::vector<Frame> frames_;
  const char* taken_;
  std::size_t last_end_ = 0;
  std::size_t counted_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
};

/// Where the comma is that a closing bracket or brace at `at` follows; npos when there is none.
std::size_t trailing_comma(const std::string& text, std::size_t at) {
  if (at >= text.size() || (text[at] != '}' && text[at] != ']') || at == 0)
    return std::string::npos;
  const std::size_t before = text.find_last_not_of(" \t\r\n", at - 1);
  return before != std::string::npos && text[before] == ',' ? before : std::string::npos;
}

/// The part of the library's message between two of its fixed words.
std::string part_of(const std::string& message, std::string_view after, std::string_view before) {
  const std::size_t start = message.find(after);
  if (start == std::string::npos) return {};
  const std::size_t from = start + after.size();
  return message.substr(from, message.find(before, from) - from);
}

bool TreeBuilder::parse_error(std::size_t /*position*/, const std::string& last_token,
                              const nlohmann::json::exception& error) {
  constexpr int kNumberOverflow = 406;
  const std::size_t start = std::min(token_start(), text_.size());
  const std::string rest = text_.substr(start, 9);
  const std::string message = error.what();
  std::string pointer = error_pointer();
  const auto says = [&](const char* words) { return message.find(words) != std::string::npos; };
  if (error.id == kNumberOverflow) {
    report(start, pointer, "the number " + quote(last_token), "a number below 1.8e308", "");
  } else if (says("UTF-8")) {
    report(taken() > 0 ? taken() - 1 : 0, pointer, "bytes that are not UTF-8", "UTF-8 text", "");
  } else if (says("unexpected end of input") || says("missing closing quote")) {
    report(text_.size(), pointer, "the end of the file, too early",
           "the rest of the document: a closing quote, bracket or brace is missing", "");
  } else if (rest.starts_with("NaN") || rest.starts_with("nan") || rest.starts_with("Inf") ||
             rest.starts_with("inf") || rest.starts_with("-Inf") || rest.starts_with("-inf")) {
    report(start, pointer, quote(rest.substr(0, rest.find_first_of(" \t\r\n,}]/"))),
           "a finite number: JSON has no NaN and no Infinity", "");
  } else if (const std::size_t comma = trailing_comma(text_, start); comma != std::string::npos) {
    if (text_[start] == ']') pointer = pointer.substr(0, pointer.rfind('/'));  // no such item
    report(comma, pointer, fmt::format("a comma before the closing '{}'", text_[start]),
           "no comma after the last item", "Take the comma away.");
  } else {
    std::string detail = part_of(message, " - ", "; ");
    const std::string expected = part_of(message, "; expected ", "\n");
    if (detail.empty()) detail = "a syntax error";
    if (detail.size() > 100) detail.resize(100);
    report(taken() > 0 ? taken() - 1 : 0, pointer,
           is_valid_utf8(detail) ? "a syntax error (" + detail + ")" : "a syntax error",
           expected.empty() ? "JSON (RFC 8259) with // and /* */ comments" : expected, "");
  }
  return false;
}

}  // namespace

ParsedJson parse_json(const std::string& text, const std::string& label) {
  ErrorList errors;
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    errors.add({label, "", "an empty file", "a JSON object", "", 0, 0});
    errors.throw_if_any();
  }
  TreeBuilder builder(text, label, errors);
  const bool parsed = builder.run();
  errors.throw_if_any();
  if (!parsed) {
    errors.add(
        {label, "", "a syntax error", "JSON (RFC 8259) with // and /* */ comments", "", 0, 0});
    errors.throw_if_any();
  }
  return builder.take();
}

}  // namespace models
