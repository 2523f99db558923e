// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "cli/study/expression_node.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/nearest.hpp"

namespace cli {
namespace {

constexpr int kDeepest = 200;
constexpr std::size_t kLongest = 10000;

struct Precedence {
  std::array<std::string_view, 4> operators;  ///< longer ones before their beginnings
};

/// Binary operators, loosest first.
constexpr std::array<Precedence, 6> kPrecedences{{
    {{"||"}},
    {{"&&"}},
    {{"==", "!="}},
    {{"<=", ">=", "<", ">"}},
    {{"+", "-"}},
    {{"*", "/", "%"}},
}};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

using NodePtr = std::shared_ptr<const Expression::Node>;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {
    if (text.size() > kLongest)
      throw ExpressionError("an expression of more than 10000 characters", "a shorter one");
  }

  NodePtr whole() {
    NodePtr node = conditional();
    skip_space();
    if (at_ < text_.size()) fail("an operator or the end");
    return node;
  }

  std::vector<std::string> take_names() { return std::move(names_); }

 private:
  /// Counts how deep the parser is in itself.
  class Depth {
   public:
    explicit Depth(int& depth) : depth_(depth) {
      if (++depth_ > kDeepest)
        throw ExpressionError("nesting of more than 200 levels", "a simpler expression");
    }
    ~Depth() { --depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;

   private:
    int& depth_;
  };

  [[noreturn]] void fail(const std::string& wanted) const {
    const std::string rest(text_.substr(at_, 20));
    const std::string place = fmt::format(" at character {}", at_ + 1);
    throw ExpressionError(rest.empty() ? "the end of the expression" : models::quote(rest) + place,
                          wanted);
  }

  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string::npos)
      ++at_;
  }

  bool take(std::string_view token) {
    skip_space();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  void need(std::string_view token) {
    if (!take(token)) fail(models::quote(token));
  }

  static NodePtr make(std::string operation, std::vector<NodePtr> operands) {
    return std::make_shared<Expression::Node>(
        Expression::Node{std::move(operation), {}, std::move(operands)});
  }

  NodePtr conditional() {
    const Depth depth(depth_);
    NodePtr condition = binary(0);
    if (!take("?")) return condition;
    NodePtr yes = conditional();
    need(":");
    NodePtr no = conditional();
    return make("?", {condition, yes, no});
  }

  NodePtr binary(std::size_t level) {
    if (level == kPrecedences.size()) return unary();
    NodePtr left = binary(level + 1);
    for (int terms = 0;; ++terms) {
      const auto& operators = kPrecedences[level].operators;
      const auto found = std::find_if(operators.begin(), operators.end(),
                                      [&](auto symbol) { return !symbol.empty() && take(symbol); });
      if (found == operators.end()) return left;
      if (terms >= kDeepest) fail("at most 200 terms in a row");
      left = make(std::string(*found), {left, binary(level + 1)});
    }
  }

  NodePtr unary() {
    const Depth depth(depth_);
    skip_space();
    if (text_.substr(at_).starts_with("!=")) fail("a value");
    if (take("!")) return make("!", {unary()});
    if (take("-")) return make("negate", {unary()});
    return primary();
  }

  NodePtr primary() {
    if (take("(")) {
      NodePtr inner = conditional();
      need(")");
      return inner;
    }
    if (at_ >= text_.size()) fail("a value");
    const char c = text_[at_];
    if (is_digit(c) || c == '.') return number();
    if (c == '"' || c == '\'') return constant(quoted(c));
    if (c == '`') return name(quoted(c));
    if (is_letter(c)) return word();
    fail("a number, a \"string\", a name or (");
  }

  static NodePtr constant(Value value) {
    return std::make_shared<Expression::Node>(Expression::Node{"value", std::move(value), {}});
  }

  NodePtr name(const std::string& text) {
    if (std::find(names_.begin(), names_.end(), text) == names_.end()) names_.push_back(text);
    return std::make_shared<Expression::Node>(Expression::Node{"name", text, {}});
  }

  NodePtr number() {
    double value = 0.0;
    const char* const start = text_.data() + at_;
    const auto [end, problem] = std::from_chars(start, text_.data() + text_.size(), value);
    if (problem != std::errc{} || !std::isfinite(value)) fail("a number");
    at_ += static_cast<std::size_t>(end - start);
    if (at_ < text_.size() && (is_letter(text_[at_]) || text_[at_] == '.')) {
      fail("an operator after the number");
    }
    return constant(value);
  }

  std::string quoted(char mark) {
    const std::size_t end = text_.find(mark, at_ + 1);
    if (end == std::string_view::npos) fail(fmt::format("a closing {}", mark));
    std::string inner(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return inner;
  }

  NodePtr word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) ||
                                  (text_[at_] == '.' && at_ + 1 < text_.size() &&
                                   (is_letter(text_[at_ + 1]) || is_digit(text_[at_ + 1]))))) {
      ++at_;
    }
    const std::string text(text_.substr(start, at_ - start));
    if (text == "true") return constant(true);
    if (text == "false") return constant(false);
    skip_space();
    if (!take("(")) return name(text);
    return call(text, start);
  }

  NodePtr call(const std::string& function, std::size_t start) {
    const auto known = std::find_if(functions().begin(), functions().end(),
                                    [&](const Function& f) { return f.name == function; });
    if (known == functions().end()) {
      std::vector<std::string> names;
      names.reserve(functions().size());
      for (const Function& f : functions()) names.emplace_back(f.name);
      at_ = start;
      throw ExpressionError("the unknown function " + models::quote(function),
                            models::join_names(names), models::suggest(function, names));
    }
    std::vector<NodePtr> operands;
    do operands.push_back(conditional());
    while (take(","));
    need(")");
    if (operands.size() < known->least || operands.size() > known->most) {
      throw ExpressionError(fmt::format("{} with {} argument{}", function, operands.size(),
                                        operands.size() == 1 ? "" : "s"),
                            known->most == known->least ? fmt::format("{}", known->least)
                                                        : fmt::format("{} or more", known->least));
    }
    return make(function, std::move(operands));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<std::string> names_;
};

}  // namespace

Expression Expression::parse(std::string_view text) {
  Parser parser(text);
  Expression expression;
  expression.root_ = parser.whole();
  expression.names_ = parser.take_names();
  return expression;
}

}  // namespace cli
