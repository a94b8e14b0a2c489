//! What each rule judges, and the limit of its clause. The numbers are written here once more, from
//! the clause; none is read from a module.

mod ada;
mod europe;
mod ibc;
mod others;

use crate::ifc::Ifc;
use crate::units::Measure;

/// Where the value stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A property: its set and name.
    Property(&'static str, &'static str),
    /// A quantity: its set and name.
    Quantity(&'static str, &'static str),
    /// The second side of the rectangle that is the element's footprint.
    Side,
}

/// Which side of the limit is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The limit or more.
    AtLeast,
    /// The limit or less.
    AtMost,
}

/// The verdict that a mutant has to get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// It passes.
    Pass,
    /// It fails.
    Fail,
    /// It cannot be told, and the finding names these facts as not known, and no others.
    Undetermined(&'static [&'static str]),
    /// The rule does not govern it: there is no finding.
    NotGoverned,
}

impl Expect {
    /// As reports write it.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        match self {
            Expect::Pass => "pass",
            Expect::Fail => "fail",
            Expect::Undetermined(_) => "undetermined",
            Expect::NotGoverned => "not_applicable",
        }
    }
}

/// One limit of a rule.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Which side is allowed.
    pub side: Side,
    /// In SI.
    pub limit: f64,
    /// What a value just beyond it gets.
    pub just: Expect,
    /// A value far beyond, which fails.
    pub far: f64,
}

/// A rule, the value that it judges, and where that stands.
#[derive(Clone, Debug)]
pub struct Target {
    /// The modules that are loaded; the rule is of the first, unless `rule` names another.
    pub modules: &'static [&'static str],
    /// `module/rule`.
    pub rule: String,
    /// The building's occupancy.
    pub occupancy: &'static str,
    /// Name of the element.
    pub element: &'static str,
    /// Where the value is.
    pub place: Place,
    /// What it measures.
    pub measure: Measure,
    /// A value that passes, in SI.
    pub good: f64,
    /// The limits.
    pub edges: Vec<Edge>,
    /// The facts that a finding names when the value is not there.
    pub missing: &'static [&'static str],
    /// The same when its whole set is not there.
    pub missing_set: &'static [&'static str],
    /// What makes the building one that the rule governs, and takes other sources away.
    pub setup: fn(&mut Ifc),
    /// Other elements whose verdicts follow from the value.
    pub related: &'static [&'static str],
}

impl Target {
    /// A rule of a module that judges a property of an element.
    fn new(
        modules: &'static [&'static str],
        rule: &str,
        element: &'static str,
        place: Place,
        good: f64,
    ) -> Target {
        let rule = match (rule.contains('/'), modules.first()) {
            (false, Some(module)) => format!("{module}/{rule}"),
            _ => rule.to_owned(),
        };
        Target {
            modules,
            rule,
            occupancy: "Business",
            element,
            place,
            measure: Measure::Length,
            good,
            edges: Vec::new(),
            missing: &[],
            missing_set: &[],
            setup: |_| {},
            related: &[],
        }
    }

    fn measure(mut self, measure: Measure) -> Target {
        self.measure = measure;
        self
    }

    fn edge(mut self, side: Side, limit: f64, just: Expect, far: f64) -> Target {
        self.edges.push(Edge {
            side,
            limit,
            just,
            far,
        });
        self
    }

    /// At least this; far below it is 0.7 of it.
    fn at_least(self, limit: f64) -> Target {
        self.edge(Side::AtLeast, limit, Expect::Fail, far(limit, 0.7))
    }

    /// At most this; far above it is 1.4 of it.
    fn at_most(self, limit: f64) -> Target {
        self.edge(Side::AtMost, limit, Expect::Fail, far(limit, 1.4))
    }

    fn missing(mut self, names: &'static [&'static str]) -> Target {
        self.missing = names;
        self.missing_set = names;
        self
    }

    fn missing_set(mut self, names: &'static [&'static str]) -> Target {
        self.missing_set = names;
        self
    }

    fn setup(mut self, setup: fn(&mut Ifc)) -> Target {
        self.setup = setup;
        self
    }

    fn occupancy(mut self, occupancy: &'static str) -> Target {
        self.occupancy = occupancy;
        self
    }

    fn related(mut self, elements: &'static [&'static str]) -> Target {
        self.related = elements;
        self
    }
}

/// Counts stay whole.
fn far(limit: f64, factor: f64) -> f64 {
    if limit >= 2.0 && limit.fract() == 0.0 && factor > 1.0 {
        (limit * factor).round()
    } else {
        limit * factor
    }
}

/// Every target.
#[must_use]
pub fn targets() -> Vec<Target> {
    [
        ibc::targets(),
        ada::targets(),
        europe::targets(),
        others::targets(),
    ]
    .concat()
}

/// Takes the shape of an element away.
pub(crate) fn without_shape(ifc: &mut Ifc, name: &str) {
    let element = ifc.element(&crate::ifc::global_id(name));
    ifc.step.set(element, 6, "$");
}

/// Says yes or no in a property of an element.
pub(crate) fn say(ifc: &mut Ifc, name: &str, set: &str, property: &str, yes: bool) {
    let element = ifc.element(&crate::ifc::global_id(name));
    let truth = if yes {
        "IFCBOOLEAN(.T.)"
    } else {
        "IFCBOOLEAN(.F.)"
    };
    ifc.put(element, set, property, truth);
}

/// Writes a length into a property of an element.
pub(crate) fn length(ifc: &mut Ifc, name: &str, set: &str, property: &str, si: f64) {
    let element = ifc.element(&crate::ifc::global_id(name));
    ifc.put_number(element, set, property, si, Measure::Length);
}

/// Calls a space something else.
pub(crate) fn call(ifc: &mut Ifc, name: &str, long_name: &str) {
    let element = ifc.element(&crate::ifc::global_id(name));
    ifc.step.set(element, 7, format!("'{long_name}'"));
}
