//! The mutants of a target: the same kinds for every rule, made from its place and its limits.

use crate::building::building;
use crate::ifc::{Ifc, global_id};
use crate::step::Id;
use crate::table::{Edge, Expect, Place, Side, Target};
use crate::units::{Measure, Units, value};

/// What was done to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Nothing: what is judged passes.
    Sound,
    /// A value just beyond the limit.
    JustBeyond,
    /// A value far beyond it.
    FarBeyond,
    /// The limit itself.
    AtLimit,
    /// The property is there, its value is not.
    Blank,
    /// The property or quantity is gone.
    NoProperty,
    /// Its whole set is gone.
    NoSet,
    /// The value has a unit of its own.
    OwnUnit,
    /// The file is in other units.
    FileUnits,
    /// A text, or a number that measures nothing, where a length is wanted.
    WrongType,
    /// The value stands at the type.
    AtType,
    /// It stands at the type, and another one at the element.
    Overridden,
    /// What the rule does not govern was changed.
    Ungoverned,
    /// The element is called or classified something else.
    Renamed,
    /// The element, or one that it depends on, is in another storey.
    Moved,
    /// An attribute of the element.
    Attribute,
    /// A shape or a placement.
    Geometry,
    /// A relation was taken away or added.
    Relation,
}

impl Kind {
    /// All of them, as the table lists them.
    pub const ALL: [Kind; 18] = [
        Kind::Sound,
        Kind::JustBeyond,
        Kind::FarBeyond,
        Kind::AtLimit,
        Kind::Blank,
        Kind::NoProperty,
        Kind::NoSet,
        Kind::OwnUnit,
        Kind::FileUnits,
        Kind::WrongType,
        Kind::AtType,
        Kind::Overridden,
        Kind::Ungoverned,
        Kind::Renamed,
        Kind::Moved,
        Kind::Attribute,
        Kind::Geometry,
        Kind::Relation,
    ];

    /// For people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Sound => "sound",
            Kind::JustBeyond => "just beyond the limit",
            Kind::FarBeyond => "far beyond the limit",
            Kind::AtLimit => "at the limit",
            Kind::Blank => "blank value",
            Kind::NoProperty => "no property",
            Kind::NoSet => "no set",
            Kind::OwnUnit => "unit of its own",
            Kind::FileUnits => "units of the file",
            Kind::WrongType => "wrong type of value",
            Kind::AtType => "at the type",
            Kind::Overridden => "overridden at the element",
            Kind::Ungoverned => "not governed",
            Kind::Renamed => "renamed or reclassified",
            Kind::Moved => "moved to another storey",
            Kind::Attribute => "attribute",
            Kind::Geometry => "geometry",
            Kind::Relation => "relation",
        }
    }
}

/// A file with something done to it, and the verdict that follows from that.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// What was done.
    pub kind: Kind,
    /// The same in words.
    pub what: String,
    /// The modules that are asked.
    pub modules: Vec<&'static str>,
    /// `module/rule`.
    pub rule: String,
    /// GlobalId of the element whose verdict is expected.
    pub element: String,
    /// The file.
    pub text: String,
    /// What it has to be.
    pub expect: Expect,
    /// The file that other elements' verdicts are held against: those not in `may_change` stay.
    pub sound: String,
    /// GlobalIds whose verdicts may change.
    pub may_change: Vec<String>,
}

/// The mutants of a target.
#[must_use]
pub fn of(target: &Target) -> Vec<Mutant> {
    let mut maker = Maker {
        target,
        sound: target.file(Units::Metres).step.text(),
        mutants: Vec::new(),
    };
    maker.limits();
    maker.absent();
    maker.units();
    maker.types();
    maker.ungoverned();
    maker.mutants
}

impl Edge {
    /// A value beyond the limit by so little that no code's rounding covers it.
    fn just_beyond(&self, measure: Measure) -> f64 {
        let step = match measure {
            Measure::Length => 0.001,
            Measure::Area => 0.01,
            Measure::Slope => 0.002,
            Measure::Count => 1.0,
        };
        match self.side {
            Side::AtLeast => self.limit - step,
            Side::AtMost => self.limit + step,
        }
    }
}

impl Target {
    /// The sound file in these units.
    #[must_use]
    pub fn file(&self, units: Units) -> Ifc {
        let mut ifc = building(units, self.occupancy);
        (self.setup)(&mut ifc);
        self.write(&mut ifc, self.good);
        ifc
    }

    fn id(&self, ifc: &Ifc) -> Id {
        ifc.element(&global_id(self.element))
    }

    /// Writes a value where the target has it.
    fn write(&self, ifc: &mut Ifc, si: f64) {
        let element = self.id(ifc);
        match self.place {
            Place::Property(set, name) => ifc.put_number(element, set, name, si, self.measure),
            Place::Quantity(set, name) => ifc.set_quantity(element, set, name, si, self.measure),
            Place::Side => {
                let number = ifc.units.number(si, Measure::Length);
                let profile = rectangle(ifc, element);
                ifc.step.set(profile, 4, number);
            }
        }
    }
}

/// The rectangle that an element's body is extruded from.
fn rectangle(ifc: &Ifc, element: Id) -> Id {
    let follow = |id: Id, argument: usize| {
        let ids = crate::step::references(ifc.step.argument(id, argument));
        *ids.first().expect("a shape that was written here")
    };
    let shape = follow(element, 6);
    follow(follow(follow(shape, 2), 3), 0)
}

struct Maker<'t> {
    target: &'t Target,
    sound: String,
    mutants: Vec<Mutant>,
}

impl Maker<'_> {
    fn push(&mut self, kind: Kind, what: String, ifc: &Ifc, expect: Expect) {
        let changing = std::iter::once(&self.target.element).chain(self.target.related);
        let may_change = match kind {
            Kind::Ungoverned => Vec::new(),
            _ => changing.map(|name| global_id(name)).collect(),
        };
        self.mutants.push(Mutant {
            kind,
            what,
            modules: self.target.modules.to_vec(),
            rule: self.target.rule.clone(),
            element: global_id(self.target.element),
            text: ifc.step.text(),
            expect,
            sound: self.sound.clone(),
            may_change,
        });
    }

    fn without_set(&self) -> Expect {
        Expect::Undetermined(self.target.missing_set)
    }

    fn undetermined(&self) -> Expect {
        Expect::Undetermined(self.target.missing)
    }

    /// Values on both sides of each limit, in files of all units.
    fn limits(&mut self) {
        let target = self.target;
        let geometry = target.place == Place::Side;
        for units in Units::ALL {
            let metres = units == Units::Metres;
            let kind = |usual: Kind| match (metres, geometry) {
                (false, _) => Kind::FileUnits,
                (true, true) => Kind::Geometry,
                (true, false) => usual,
            };
            let mut write = |kind, si: f64, what: &str, expect: Expect| {
                let mut ifc = target.file(units);
                target.write(&mut ifc, si);
                let what = format!("{what}: {si:.6} in {}", units.name());
                self.push(kind, what, &ifc, expect);
            };
            write(kind(Kind::Sound), target.good, "sound", Expect::Pass);
            for edge in &target.edges {
                let just = edge.just_beyond(target.measure);
                write(
                    kind(Kind::AtLimit),
                    edge.limit,
                    "at the limit",
                    Expect::Pass,
                );
                write(
                    kind(Kind::JustBeyond),
                    just,
                    "just beyond",
                    edge.just.clone(),
                );
                write(kind(Kind::FarBeyond), edge.far, "far beyond", Expect::Fail);
            }
        }
    }

    /// The value, its property and its set are gone, or it is no number of that kind.
    fn absent(&mut self) {
        let target = self.target;
        let mut ifc = target.file(Units::Metres);
        let element = target.id(&ifc);
        match target.place {
            Place::Property(set, name) => {
                let entry = ifc.entry(element, set, name);
                let mut blank = ifc.clone();
                blank.step.set(entry, 2, "$");
                self.push(
                    Kind::Blank,
                    format!("{name} is $"),
                    &blank,
                    self.undetermined(),
                );
                for (text, what) in [
                    ("IFCLABEL('to be agreed')", "a text"),
                    ("IFCLABEL('')", "an empty text"),
                    ("IFCBOOLEAN(.T.)", "yes"),
                ] {
                    let mut wrong = ifc.clone();
                    wrong.step.set(entry, 2, text);
                    let expect = self.undetermined();
                    self.push(Kind::WrongType, format!("{name} is {what}"), &wrong, expect);
                }
                if target.measure == Measure::Length {
                    let mut wrong = ifc.clone();
                    wrong.step.set(entry, 2, "IFCMASSMEASURE(1.)");
                    let expect = self.undetermined();
                    self.push(Kind::WrongType, format!("{name} is a mass"), &wrong, expect);
                }
                let mut without = ifc.clone();
                without.remove_entry(element, set, name);
                self.push(
                    Kind::NoProperty,
                    format!("no {name}"),
                    &without,
                    self.undetermined(),
                );
            }
            Place::Quantity(set, name) => {
                let entry = ifc.entry(element, set, name);
                let mut blank = ifc.clone();
                blank.step.set(entry, 3, "$");
                self.push(
                    Kind::Blank,
                    format!("{name} is $"),
                    &blank,
                    self.undetermined(),
                );
                let mut wrong = ifc.clone();
                wrong.step.set_keyword(entry, "IFCQUANTITYWEIGHT");
                self.push(
                    Kind::WrongType,
                    format!("{name} is a weight"),
                    &wrong,
                    self.undetermined(),
                );
                let mut without = ifc.clone();
                without.remove_entry(element, set, name);
                self.push(
                    Kind::NoProperty,
                    format!("no {name}"),
                    &without,
                    self.undetermined(),
                );
                ifc.remove_set(element, set);
                self.push(Kind::NoSet, format!("no {set}"), &ifc, self.without_set());
            }
            Place::Side => {
                ifc.step.set(element, 6, "$");
                self.push(
                    Kind::Geometry,
                    "no shape".to_owned(),
                    &ifc,
                    self.undetermined(),
                );
            }
        }
        if let Place::Property(set, name) = target.place {
            // What else the set says stays known, in a set of another name.
            let mut ifc = target.file(Units::Metres);
            ifc.move_others(element, set, name);
            ifc.remove_set(element, set);
            self.push(Kind::NoSet, format!("no {set}"), &ifc, self.without_set());
        }
    }

    /// Lengths in a unit of their own.
    fn units(&mut self) {
        let target = self.target;
        let (argument, set, name) = match target.place {
            Place::Property(set, name) => (2, set, name),
            Place::Quantity(set, name) => (3, set, name),
            Place::Side => return,
        };
        if target.measure != Measure::Length {
            return;
        }
        for (units, prefix, factor) in [
            (Units::Metres, ".MILLI.", 1e3),
            (Units::Metres, ".CENTI.", 1e2),
            (Units::Millimetres, "$", 1.0),
            (Units::Feet, ".MILLI.", 1e3),
        ] {
            let mut values = vec![(target.good, Expect::Pass)];
            for edge in &target.edges {
                values.push((edge.limit, Expect::Pass));
                values.push((edge.far, Expect::Fail));
            }
            for (si, expect) in values {
                let mut ifc = target.file(units);
                let entry = ifc.entry(target.id(&ifc), set, name);
                let unit = ifc.own_unit(prefix);
                let number = crate::units::real(si * factor);
                let text = match argument {
                    2 => format!("IFCLENGTHMEASURE({number})"),
                    _ => number.clone(),
                };
                ifc.step.set(entry, argument, text);
                ifc.step
                    .set(entry, if argument == 2 { 3 } else { 2 }, format!("#{unit}"));
                let what = format!("{number} {prefix} metre in a file in {}", units.name());
                self.push(Kind::OwnUnit, what, &ifc, expect);
            }
        }
    }

    /// The value at a type, and another at the element.
    fn types(&mut self) {
        let target = self.target;
        let Place::Property(set, name) = target.place else {
            return;
        };
        let mut cases = vec![(target.good, None, Expect::Pass)];
        for edge in &target.edges {
            cases.push((edge.far, None, Expect::Fail));
            cases.push((edge.far, Some(target.good), Expect::Pass));
            cases.push((target.good, Some(edge.far), Expect::Fail));
        }
        for (at_type, at_element, expect) in cases {
            let mut ifc = target.file(Units::Metres);
            let element = target.id(&ifc);
            let text = value(ifc.units, at_type, target.measure);
            let property = ifc.property(name, &text);
            let new = ifc.new_set(set, &[property]);
            ifc.give_type(element, new);
            let (kind, what) = match at_element {
                Some(si) => {
                    target.write(&mut ifc, si);
                    let what = format!("{at_type:.4} at the type, {si:.4} at the element");
                    (Kind::Overridden, what)
                }
                None => {
                    ifc.remove_entry(element, set, name);
                    (Kind::AtType, format!("{at_type:.4} at the type"))
                }
            };
            self.push(kind, what, &ifc, expect);
        }
    }

    /// The defect at elements that the rule does not govern.
    fn ungoverned(&mut self) {
        let target = self.target;
        let Some(edge) = target.edges.first() else {
            return;
        };
        let (set, name) = match target.place {
            Place::Property(set, name) | Place::Quantity(set, name) => (set, name),
            Place::Side => ("Sizes", "ClearWidth"),
        };
        for other in ["Wall", "Stair", "Upper"] {
            let mut ifc = target.file(Units::Metres);
            let element = ifc.element(&global_id(other));
            ifc.put_number(element, set, name, edge.far, target.measure);
            let what = format!("{set}.{name} at {other}");
            self.push(Kind::Ungoverned, what, &ifc, Expect::Pass);
        }
    }
}
