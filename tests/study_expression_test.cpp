// SPDX-License-Identifier: BSD-2-Clause
#include <map>
#include <string>
#include <vector>

#include "cli/study/expression.hpp"
#include "tests/support/catch.hpp"

using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using cli::Expression;
using cli::ExpressionError;
using cli::Value;

namespace {

Value look_up(const std::string& name) {
  static const std::map<std::string, Value> kValues{{"nic.mtu", 9000.0},
                                                    {"sockets.0.readers.0.read_bytes", 4096.0},
                                                    {"receive.algorithm", std::string("generic")},
                                                    {"nic.lro.enabled", true},
                                                    {"same core", 2.0}};
  return kValues.at(name);
}

Value value_of(const std::string& text) { return Expression::parse(text).evaluate(look_up); }
double number_of(const std::string& text) { return std::get<double>(value_of(text)); }
bool truth_of(const std::string& text) { return std::get<bool>(value_of(text)); }

std::string expression_error_of(const std::string& text) {
  try {
    value_of(text);
    return {};
  } catch (const ExpressionError& error) {
    return error.what() + (error.hint().empty() ? std::string() : " " + error.hint());
  }
}

}  // namespace

TEST_CASE("expressions calculate", "[study]") {
  CHECK(number_of("1 + 2 * 3 - 4 / 8") == 6.5);
  CHECK(number_of("-(2 + 3) % 3") == -2.0);
  CHECK(number_of("2 - 3 - 4") == -5.0);
  CHECK(number_of("1e3 + .5") == 1000.5);
  CHECK(number_of("nic.mtu - 52") == 8948.0);
  CHECK(number_of("`same core` * sockets.0.readers.0.read_bytes") == 8192.0);
  CHECK(number_of("min(3, 1, 2) + max(5, 4)") == 6.0);
  CHECK(number_of("floor(2.7) + ceil(2.1) + round(2.5) + abs(-1)") == 9.0);
  CHECK(number_of("log2(65536)") == 16.0);
  CHECK(number_of("pow(2, 10) + pow(4, 0.5)") == Approx(1026.0));
  CHECK(number_of("sqrt(9) + log(exp(2))") == Approx(5.0));
  CHECK(number_of("nic.mtu > 1500 ? 1 : 2") == 1.0);
}

TEST_CASE("expressions compare and combine", "[study]") {
  CHECK(truth_of("receive.algorithm == \"generic\""));
  CHECK(truth_of("receive.algorithm != 'stream'"));
  CHECK(truth_of("nic.lro.enabled && nic.mtu >= 9000"));
  CHECK_FALSE(truth_of("!nic.lro.enabled || nic.mtu < 9000"));
  CHECK(truth_of("1 < 2 == true"));
  CHECK(truth_of("true || 1 / 0 > 1"));
  CHECK_FALSE(truth_of("false && 1 / 0 > 1"));
  CHECK(truth_of("false && false || true"));
}

TEST_CASE("expressions know the names in them", "[study]") {
  const std::vector<std::string> expected{"nic.mtu", "a", "my column"};
  CHECK(Expression::parse("nic.mtu + a * max(`my column`, nic.mtu)").names() == expected);
  CHECK(Expression::parse("true && 'a' == \"b\"").names().empty());
}

TEST_CASE("bad expressions say what is wrong, and where", "[study]") {
  CHECK_THAT(expression_error_of(""), ContainsSubstring("found the end of the expression"));
  CHECK_THAT(expression_error_of("1 +"), ContainsSubstring("found the end of the expression"));
  CHECK_THAT(expression_error_of("1 2"), ContainsSubstring("\"2\" at character 3"));
  CHECK_THAT(expression_error_of("(1"), ContainsSubstring("allowed: \")\""));
  CHECK_THAT(expression_error_of("1 = 2"), ContainsSubstring("at character 3"));
  CHECK_THAT(expression_error_of("'abc"), ContainsSubstring("a closing '"));
  CHECK_THAT(expression_error_of("3x"), ContainsSubstring("an operator after the number"));
  CHECK_THAT(expression_error_of("1.2.3"), ContainsSubstring("an operator after the number"));
  CHECK_THAT(expression_error_of("1e999"), ContainsSubstring("a number"));
  CHECK_THAT(expression_error_of("mx(1, 2)"), ContainsSubstring("Did you mean \"max\"?"));
  CHECK_THAT(expression_error_of("min(1)"), ContainsSubstring("min with 1 argument"));
  CHECK_THAT(expression_error_of("1 / (3 - 3)"), ContainsSubstring("a division by zero"));
  CHECK_THAT(expression_error_of("log(0)"), ContainsSubstring("no finite number"));
  CHECK_THAT(expression_error_of("nic.mtu == \"9000\""), ContainsSubstring("the string \"9000\""));
  CHECK_THAT(expression_error_of("nic.mtu && true"), ContainsSubstring("the number 9000 for &&"));
  CHECK_THAT(expression_error_of("receive.algorithm + 1"), ContainsSubstring("allowed: a number"));
  CHECK_THAT(expression_error_of(std::string(5000, '(')), ContainsSubstring("200 levels"));
  CHECK_THAT(expression_error_of(std::string(20000, '1')), ContainsSubstring("10000 characters"));
  CHECK_THROWS_AS(Expression::parse("1 + 1").holds(look_up), ExpressionError);
}
