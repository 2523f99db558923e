// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "cli/study/load.hpp"
#include "cli/study/study_values.hpp"

/// The field table of study files: name, range, default and meaning of everything that a study may
/// say, and the only place where they stand. Archives of models/scenario read, write and document
/// it. Only from .cpp files.
namespace cli {

template <class Archive>
void describe(Archive& a, RangeSpec& r) {
  a.field("from", r.from, {.doc = "First value.", .required = true});
  a.field("to", r.to, {.doc = "Last value; above `from`.", .required = true});
  a.field("steps", r.steps,
          {.doc = "Number of values, both ends included. A field that holds integers gets the "
                  "nearest ones.",
           .min = 2,
           .max = 100000,
           .absent = "any value between, which only a `sample` can choose"});
  a.field("scale", r.scale, {.doc = "How the values are spaced; log needs `from` above 0."});
}

template <class Archive>
void describe(Archive& a, MemberSpec& m) {
  a.field("path", m.path, {.doc = "Dotted path of a scenario field.", .required = true});
  a.field("values", m.values, {.doc = "Its values, in order.", .max_items = 100000});
  a.field("range", m.range, {.doc = "Its values, evenly spaced.", .absent = "see `values`"});
}

template <class Archive>
void describe(Archive& a, VariantSpec& v) {
  a.field("name", v.name, {.doc = "The variant's name in tables and figures.", .required = true});
  a.field("set", v.set, {.doc = "What it sets, by dotted path; `{}` is the base as it is."});
}

template <class Archive>
void describe(Archive& a, FactorSpec& f) {
  a.field("name", f.name,
          {.doc = "Name of the column; empty: `path`, the first path of `together`, or `variant`. "
                  "It must be given where it tells two columns apart."});
  a.field("path", f.path,
          {.doc = "Dotted path of the scenario field that is varied: `sockets.0.low_water`. Goes "
                  "with `values` or `range`."});
  a.field("values", f.values,
          {.doc = "The field's values, in order. One of `values`, `range`, `together` and "
                  "`variants` must be given.",
           .max_items = 100000});
  a.field("range", f.range,
          {.doc = "The field's values, evenly spaced.", .absent = "see `values`"});
  a.field("together", f.together,
          {.doc = "Fields that move in lock-step: all take their first values, then all their "
                  "second ones. The column shows the first field's.",
           .max_items = 256});
  a.field("variants", f.variants,
          {.doc = "Named sets of values, of which each point has one.", .max_items = 10000});
}

template <class Archive>
void describe(Archive& a, DependentSpec& d) {
  a.field("path", d.path, {.doc = "Dotted path of a scenario field.", .required = true});
  a.field("expression", d.expression,
          {.doc = "Its value in each point, from columns, other dependent fields, or any field of "
                  "the base.",
           .required = true});
}

template <class Archive>
void describe(Archive& a, SampleSpec& s) {
  a.field("method", s.method, {.doc = "How points are chosen."});
  a.field("count", s.count,
          {.doc = "Number of points. A Latin hypercube may lose some to `constraint`, or because "
                  "two coincide.",
           .min = 1,
           .max = kMostPointsEver,
           .required = true});
  a.field("seed", s.seed,
          {.doc = "Seed of the choice.", .min = 0, .max = models::kMaxExactInteger});
}

template <class Archive>
void describe(Archive& a, Precision& p) {
  a.field("metric", p.metric, {.doc = "Dotted path of a number in the report.", .required = true});
  a.field("half_width_rel", p.half_width_rel,
          {.doc = "Half-width of the 95 % interval over the mean that is precise enough.",
           .min = 0,
           .max = 1,
           .above_min = true,
           .required = true});
  a.field("min", p.min, {.doc = "Replications at least.", .min = 2, .max = 10000});
  a.field("max", p.max, {.doc = "Replications at most.", .min = 2, .max = 10000});
}

template <class Archive>
void describe(Archive& a, Expectation& e) {
  a.field("name", e.name, {.doc = "Name in verdicts and JUnit; empty: made of the rest."});
  a.field("metric", e.metric,
          {.doc = "Dotted path of a number in the report: `locks.so_rcv.contended_fraction`.",
           .required = true});
  a.field("of", e.of, {.doc = "What of the metric is held against the bounds."});
  const bool compares = e.of == Measure::difference || e.of == Measure::ratio ||
                        e.of == Measure::relative_difference || e.of == Measure::crossover ||
                        e.of == Measure::no_crossover;
  const bool crosses = e.of == Measure::crossover || e.of == Measure::no_crossover;
  a.field("where", e.where,
          {.doc = "Condition on the columns, e.g. `nic.mtu >= 9000`; empty: every point."});
  a.field("factor", e.factor,
          {.doc = "Column that is compared, or along which the slope is taken.",
           .applies = e.of != Measure::value,
           .applies_when = "`of` is not value",
           .decided_by = "of"});
  a.field("from", e.from,
          {.doc = "Value of `factor` that is compared with.",
           .absent = "required",
           .applies = compares,
           .applies_when = "`of` compares two values",
           .decided_by = "of"});
  a.field("to", e.to,
          {.doc = "Value of `factor` that is compared.",
           .absent = "required",
           .applies = compares,
           .applies_when = "`of` compares two values",
           .decided_by = "of"});
  a.field("over", e.over,
          {.doc = "Numeric column along which the two change places.",
           .applies = crosses,
           .applies_when = "`of` is crossover or no_crossover",
           .decided_by = "of"});
  a.field("scale", e.scale,
          {.doc = "log: a slope is the exponent of a power law, a crossover is interpolated "
                  "between logarithms.",
           .applies = e.of == Measure::slope || e.of == Measure::crossover,
           .applies_when = "`of` is slope or crossover",
           .decided_by = "of"});
  a.field("min", e.min,
          {.doc = "Least value that passes.",
           .absent = "no lower bound",
           .applies = e.of != Measure::no_crossover,
           .applies_when = "`of` is not no_crossover",
           .decided_by = "of"});
  a.field("max", e.max,
          {.doc = "Largest value that passes.",
           .absent = "no upper bound",
           .applies = e.of != Measure::no_crossover,
           .applies_when = "`of` is not no_crossover",
           .decided_by = "of"});
  a.field("proven", e.proven,
          {.doc = "Whether the whole 95 % interval must lie within the bounds, not the estimate "
                  "alone. Needs two replications at least.",
           .absent = "true, but for `value` false"});
}

template <class Archive>
void describe(Archive& a, StudyFile& s) {
  a.directive("$schema", "Ignored: where an editor finds the schema.");
  a.field("schema", s.schema,
          {.doc = "Format of the file.", .required = true, .choices = {kStudySchema}});
  a.field("name", s.name, {.doc = "Name in reports; empty: the file's name without `.json`."});
  a.field("description", s.description, {.doc = "The question that the study answers."});
  a.field("base", s.base,
          {.doc = "The scenario that is varied: a file, relative to this one, or the scenario "
                  "itself.",
           .required = true});
  a.field("set", s.set, {.doc = "Fields that differ from the base in all points, by dotted path."});
  a.field("factors", s.factors,
          {.doc = "What is varied. The points are all combinations, the last factor changing "
                  "fastest; none: the base alone.",
           .max_items = 64});
  a.field(
      "dependent", s.dependent,
      {.doc = "Fields that are computed for each point. They get no column.", .max_items = 256});
  a.field("constraint", s.constraint,
          {.doc = "Condition that a point must meet, else it is left out; empty: every point."});
  a.field("sample", s.sample,
          {.doc = "Choose some of the points by chance.", .absent = "all of them"});
  a.field("replications", s.replications,
          {.doc = "Runs of each point. Not together with `precision`.",
           .min = 1,
           .max = 10000,
           .absent = "the base's"});
  a.field(
      "precision", s.precision,
      {.doc = "Run each point until it is known well enough.", .absent = "`replications` runs"});
  a.field("seed", s.seed,
          {.doc = "Seed of all chance.",
           .min = 0,
           .max = models::kMaxExactInteger,
           .absent = "the base's"});
  a.field("seed_policy", s.seed_policy, {.doc = "Whether points share their random numbers."});
  a.field("expect", s.expect,
          {.doc = "What must hold of the results; a breach is exit code 1.", .max_items = 1024});
}

}  // namespace cli
