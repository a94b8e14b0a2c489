//! Properties and quantities of an element and its type. `instead` says what there is where the
//! property that is asked for is not.

mod instead;
mod shape;

pub(super) use instead::Instead;

use std::collections::HashMap;
use std::rc::Rc;

use super::check::{Checker, Outcome, Place, PropertyWhy, Why};
use super::hash::Build;
use super::plan::{ColumnId, ConstraintId};
use super::scalar::{Scalar, is_near};
use super::symbols::Sym;
use crate::step::{RecordIx, Value};

/// The sets of an element, in the order in which they win: its own, then those of its type.
pub(super) type Listing = Vec<Set>;

#[derive(Clone, Copy)]
pub(super) struct Set {
    record: RecordIx,
    name: Sym,
    on_type: bool,
    kind: Kind,
}

/// Where a set keeps its entries.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Entries listed by the attribute at this place.
    List(usize),
    /// The attributes from this place on are the properties.
    Attributes(usize),
}

/// A property facet's set and name over one element.
pub(super) type Column = Vec<Group>;

/// The properties found in all sets of one name.
pub(super) struct Group {
    set: Sym,
    found: Vec<Rc<Found>>,
}

/// Entries of large or shared sets that were looked up: by set, name and whether of the type.
pub(super) type Entries = HashMap<(RecordIx, ConstraintId, bool), Rc<Vec<Rc<Found>>>, Build>;

/// Entries from which on looking them up is remembered: many elements may share a large set.
const LARGE: usize = 32;

/// A property that has a value, or one of a kind that IDS does not read.
pub(super) struct Found {
    name: Sym,
    record: RecordIx,
    on_type: bool,
    shape: Shape,
}

impl Found {
    fn place(&self, set: Sym) -> Place {
        Place {
            set,
            name: self.name,
            record: self.record,
            on_type: self.on_type,
        }
    }
}

/// Data type and value.
type Typed = (Option<Sym>, Scalar<Sym>);

enum Shape {
    Single(Typed),
    /// Lists, enumerations and the columns of tables: one of them has to match.
    Several(Vec<Typed>),
    Bounded {
        lower: Option<Typed>,
        upper: Option<Typed>,
        set_point: Option<Typed>,
    },
    /// A list or bytes of a data type: there, and nothing to compare.
    Opaque(Option<Sym>),
    /// Complex properties and references.
    Unsupported,
}

impl<'m> Checker<'m, '_> {
    /// Whether the properties of a column are of a type and satisfy a value.
    pub(super) fn property(
        &mut self,
        column: ColumnId,
        data_type: Option<Sym>,
        value: Option<ConstraintId>,
    ) -> Outcome {
        let column = self.column(column);
        if column.is_empty() {
            return Outcome::Absent(Why::NoSet);
        }
        let mut absent = None;
        for group in column.iter() {
            if group.found.is_empty() {
                absent = absent.or(Some(Why::NoProperty(group.set)));
            }
            for found in &group.found {
                if let Err(why) = self.judge(found, data_type, value) {
                    return Outcome::Fail(Why::Property(why, found.place(group.set)));
                }
            }
        }
        absent.map_or(Outcome::Pass, Outcome::Absent)
    }

    fn judge(
        &mut self,
        found: &Found,
        data_type: Option<Sym>,
        value: Option<ConstraintId>,
    ) -> Result<(), PropertyWhy> {
        let fits = |typed: &Typed| match (data_type, typed.0) {
            (None, _) => true,
            (Some(wanted), own) => own == Some(wanted),
        };
        let first_type = |typed: Option<&Typed>| PropertyWhy::DataType(typed.and_then(|t| t.0));
        match &found.shape {
            Shape::Unsupported => Err(PropertyWhy::Unsupported),
            Shape::Opaque(own) => match (data_type, value) {
                (Some(wanted), _) if *own != Some(wanted) => Err(PropertyWhy::DataType(*own)),
                (_, Some(_)) => Err(PropertyWhy::Opaque),
                _ => Ok(()),
            },
            Shape::Single(typed) => {
                // A measure of IDS may be asked for by the name of a predefined set's enumeration.
                if !fits(typed) && !self.is_enumeration(data_type, typed.0) {
                    return Err(first_type(Some(typed)));
                }
                match value {
                    Some(wanted) if !self.satisfies(wanted, typed.1) => {
                        Err(PropertyWhy::Value(Some(*typed)))
                    }
                    _ => Ok(()),
                }
            }
            Shape::Several(all) => {
                let typed: Vec<&Typed> = all.iter().filter(|typed| fits(typed)).collect();
                if typed.is_empty() {
                    return Err(first_type(all.first()));
                }
                let Some(wanted) = value else { return Ok(()) };
                // Every one has to keep a range; of anything else one is enough.
                let range = self
                    .plan
                    .constraint(wanted)
                    .is_some_and(super::matcher::Matcher::is_range);
                let wrong = typed.iter().find(|typed| !self.satisfies(wanted, typed.1));
                let right = typed.iter().any(|typed| self.satisfies(wanted, typed.1));
                match wrong {
                    Some(typed) if range || !right => Err(PropertyWhy::Value(Some(**typed))),
                    _ => Ok(()),
                }
            }
            Shape::Bounded {
                lower,
                upper,
                set_point,
            } => {
                let given = || [lower, upper, set_point].into_iter().flatten();
                if let Some(other) = given().find(|typed| !fits(typed)) {
                    return Err(first_type(Some(other)));
                }
                let Some(wanted) = value else { return Ok(()) };
                self.judge_bounded([*lower, *upper, *set_point], wanted)
            }
        }
    }

    /// A bounded value: a range asked for has to hold it wholly; a single value has to be one of
    /// its three or, where it has no set point, lie between its ends.
    fn judge_bounded(
        &mut self,
        ends: [Option<Typed>; 3],
        wanted: ConstraintId,
    ) -> Result<(), PropertyWhy> {
        let [lower, upper, set_point] = ends;
        let first = lower.or(upper).or(set_point);
        let Some(matcher) = self.plan.constraint(wanted) else {
            return Err(PropertyWhy::Value(first));
        };
        if matcher.is_range() {
            let open =
                (matcher.has_least() && lower.is_none()) || (matcher.has_most() && upper.is_none());
            let outside = ends
                .into_iter()
                .flatten()
                .find(|end| !self.satisfies(wanted, end.1));
            return match (open, outside) {
                (_, Some(end)) => Err(PropertyWhy::Value(Some(end))),
                (true, None) => Err(PropertyWhy::Value(first)),
                (false, None) => Ok(()),
            };
        }
        let number = matcher.number();
        if ends
            .into_iter()
            .flatten()
            .any(|end| self.satisfies(wanted, end.1))
        {
            return Ok(());
        }
        let number_of = |end: Option<Typed>| end.and_then(|end| end.1.number());
        if let (Some(wanted), None) = (number, set_point)
            && (lower.is_some() || upper.is_some())
        {
            let above = number_of(lower).is_none_or(|low| wanted >= low || is_near(low, wanted));
            let below = number_of(upper).is_none_or(|high| wanted <= high || is_near(high, wanted));
            if above && below {
                return Ok(());
            }
        }
        Err(PropertyWhy::Value(first))
    }

    /// Predefined sets declare enumerations without their names in our tables.
    fn is_enumeration(&self, wanted: Option<Sym>, own: Option<Sym>) -> bool {
        match (wanted, own) {
            (Some(wanted), Some(own)) => {
                self.symbols.get(own) == "IFCENUM" && self.symbols.get(wanted).ends_with("ENUM")
            }
            _ => false,
        }
    }

    /// The properties of a column, found once for an element.
    fn column(&mut self, id: ColumnId) -> Rc<Column> {
        if let Some(Some(known)) = self.columns.get(id as usize) {
            return known.clone();
        }
        let column = Rc::new(self.find(id));
        if let Some(slot) = self.columns.get_mut(id as usize) {
            *slot = Some(column.clone());
            self.filled.push(id);
        }
        column
    }

    fn find(&mut self, id: ColumnId) -> Column {
        let Some((set_name, name)) = self.plan.columns.get(id as usize).copied() else {
            return Vec::new();
        };
        let listing = self.sets_of_subject();
        let mut groups: Column = Vec::new();
        for set in listing.iter() {
            let class = self.set_class(*set);
            let named = self.satisfies(set_name, Scalar::Text(set.name));
            let key = match class {
                _ if named => set.name,
                Some(class) if self.satisfies(set_name, Scalar::Text(class)) => class,
                _ => continue,
            };
            let place = match groups.iter().position(|group| group.set == key) {
                Some(place) => place,
                None => {
                    groups.push(Group {
                        set: key,
                        found: Vec::new(),
                    });
                    groups.len() - 1
                }
            };
            let entries = self.entries(*set, name);
            let Some(group) = groups.get_mut(place) else {
                continue;
            };
            for found in entries.iter() {
                if group.found.iter().all(|other| other.name != found.name) {
                    group.found.push(found.clone());
                }
            }
        }
        groups
    }

    /// Predefined sets may be asked for by their class.
    fn set_class(&mut self, set: Set) -> Option<Sym> {
        match set.kind {
            Kind::Attributes(_) => {
                let class = self.file.class(set.record)?;
                Some(self.symbols.borrowed(self.file.schema().class_name(class)))
            }
            Kind::List(_) => None,
        }
    }

    fn sets_of_subject(&mut self) -> Rc<Listing> {
        if let Some(known) = &self.listing {
            return known.clone();
        }
        let subject = self.subject;
        let schema = self.file.schema();
        let mut all = Vec::new();
        let mut records: Vec<(RecordIx, bool)> = Vec::new();
        let own = self.file.attribute(subject, "HasPropertySets");
        records.extend(self.file.follow_all(own).map(|set| (set, false)));
        records.extend(self.index.sets().get(subject).map(|set| (set, false)));
        if let Some(of_type) = self.index.type_of(subject) {
            let listed = self.file.attribute(of_type, "HasPropertySets");
            records.extend(self.file.follow_all(listed).map(|set| (set, true)));
            records.extend(self.index.sets().get(of_type).map(|set| (set, true)));
        }
        if !self.file.is_a(subject, schema.class("IfcObjectDefinition")) {
            records.extend(self.index.extended().get(subject).map(|set| (set, false)));
        }
        for (record, on_type) in records {
            let Some((kind, name)) = self.kind(record) else {
                continue;
            };
            let name = match self.file.step().record(record).arg(name).untyped() {
                Value::Text(text) => self.symbols.text(text),
                _ => self.symbols.borrowed(""),
            };
            all.push(Set {
                record,
                name,
                on_type,
                kind,
            });
        }
        let listing = Rc::new(all);
        self.listing = Some(listing.clone());
        listing
    }

    /// Where a set keeps its entries and its name.
    fn kind(&self, record: RecordIx) -> Option<(Kind, usize)> {
        match self.file.step().record(record).name() {
            "IFCPROPERTYSET" => return Some((Kind::List(4), 2)),
            "IFCELEMENTQUANTITY" => return Some((Kind::List(5), 2)),
            "IFCEXTENDEDMATERIALPROPERTIES" => return Some((Kind::List(1), 3)),
            _ => {}
        }
        let schema = self.file.schema();
        let is = |name| self.file.is_a(record, schema.class(name));
        if is("IfcExtendedProperties") {
            return Some((Kind::List(2), 0));
        }
        is("IfcPropertySetDefinition").then_some((Kind::Attributes(4), 2))
    }

    /// The properties of a set with a name, those without a value left out.
    fn entries(&mut self, set: Set, name: ConstraintId) -> Rc<Vec<Rc<Found>>> {
        let key = (set.record, name, set.on_type);
        if let Some(known) = self.entries.get(&key) {
            return known.clone();
        }
        let (found, looked_at) = self.look_up(set, name);
        let found = Rc::new(found.into_iter().map(Rc::new).collect::<Vec<_>>());
        if set.on_type || looked_at >= LARGE {
            self.entries.insert(key, found.clone());
        }
        found
    }

    /// What a set has of a name, and how many entries were looked at for it.
    fn look_up(&mut self, set: Set, name: ConstraintId) -> (Vec<Found>, usize) {
        match set.kind {
            Kind::List(place) => {
                let mut all = Vec::new();
                let mut looked_at = 0;
                for number in self.file.step().record(set.record).refs(place) {
                    looked_at += 1;
                    let Some(record) = self.file.step().find(number) else {
                        continue;
                    };
                    let Value::Text(text) = self.file.step().record(record).arg(0) else {
                        continue;
                    };
                    let own = self.symbols.text(text);
                    if !self.satisfies(name, Scalar::Text(own)) {
                        continue;
                    }
                    if let Some(shape) = self.shape(record) {
                        all.push(Found {
                            name: own,
                            record,
                            on_type: set.on_type,
                            shape,
                        });
                    }
                }
                (all, looked_at)
            }
            Kind::Attributes(first) => (self.attributes_as_properties(set, first, name), 0),
        }
    }

    fn attributes_as_properties(
        &mut self,
        set: Set,
        first: usize,
        name: ConstraintId,
    ) -> Vec<Found> {
        let Some(class) = self.file.class(set.record) else {
            return Vec::new();
        };
        let mut all = Vec::new();
        let attributes = self.file.schema().attributes(class);
        for (place, attribute) in attributes.iter().enumerate().skip(first) {
            let own = self.symbols.borrowed(attribute.name);
            if !self.satisfies(name, Scalar::Text(own)) {
                continue;
            }
            let value = self.file.step().record(set.record).arg(place);
            let Some(scalar) = self.scalar(value, attribute.measure, Value::Null) else {
                continue;
            };
            let data_type = self.data_type(value, attribute.measure);
            all.push(Found {
                name: own,
                record: set.record,
                on_type: set.on_type,
                shape: Shape::Single((data_type, scalar)),
            });
        }
        all
    }
}
