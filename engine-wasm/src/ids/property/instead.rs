//! What an element has where it has not the property that is asked for, or has one that it may not
//! have. Looked up for what is reported only.

use super::{Column, Kind, Set, Shape, Typed};
use crate::ids::check::{Checker, Place};
use crate::ids::near;
use crate::ids::plan::{ColumnId, ConstraintId};
use crate::ids::scalar::Scalar;
use crate::ids::symbols::Sym;
use crate::step::{RecordIx, Value};

/// What comes near to a property that is not there; at most one of them is worth saying.
#[derive(Clone, Copy, Debug)]
pub(in crate::ids) enum Instead {
    /// It is there, without a value.
    Empty {
        set: Sym,
        name: Sym,
        record: RecordIx,
    },
    /// It is in another set.
    Elsewhere { set: Sym, name: Sym },
    /// The set has one of nearly that name.
    Alike { name: Sym },
    /// There is a set of nearly that name.
    SetAlike { set: Sym },
}

impl Instead {
    /// What says most comes first.
    fn rank(self) -> u8 {
        match self {
            Instead::Empty { .. } => 0,
            Instead::Elsewhere { .. } => 1,
            Instead::Alike { .. } => 2,
            Instead::SetAlike { .. } => 3,
        }
    }
}

/// Entries of sets that are looked at for one element: real ones have some hundreds.
const MAX_ENTRIES: usize = 2_000;

impl Checker<'_, '_> {
    /// What the element has instead of a property.
    pub(in crate::ids) fn instead(&mut self, column: ColumnId) -> Option<Instead> {
        let (set_name, name) = self.plan.columns.get(column as usize).copied()?;
        let listing = self.sets_of_subject();
        let mut best: Option<Instead> = None;
        let mut left = MAX_ENTRIES;
        for set in listing.iter() {
            let right_set = self.satisfies(set_name, Scalar::Text(set.name))
                || self
                    .set_class(*set)
                    .is_some_and(|class| self.satisfies(set_name, Scalar::Text(class)));
            let mut note = |found: Instead| {
                if best.is_none_or(|best| found.rank() < best.rank()) {
                    best = Some(found);
                }
            };
            if !right_set && self.is_alike(set_name, set.name) {
                note(Instead::SetAlike { set: set.name });
            }
            let entries = self.names(*set);
            left = left.saturating_sub(entries.len());
            for (own, record) in entries {
                if self.satisfies(name, Scalar::Text(own)) {
                    match (right_set, self.shape(record).is_some()) {
                        (true, false) => note(Instead::Empty {
                            set: set.name,
                            name: own,
                            record,
                        }),
                        (false, true) => note(Instead::Elsewhere {
                            set: set.name,
                            name: own,
                        }),
                        _ => {}
                    }
                } else if right_set && self.is_alike(name, own) {
                    note(Instead::Alike { name: own });
                }
            }
            if left == 0 {
                break;
            }
        }
        best
    }

    fn is_alike(&self, wanted: ConstraintId, own: Sym) -> bool {
        self.plan
            .constraint(wanted)
            .and_then(|matcher| matcher.text())
            .is_some_and(|wanted| near::alike(wanted, self.symbols.get(own)))
    }

    /// The entries of a set that lists some, with their names.
    fn names(&mut self, set: Set) -> Vec<(Sym, RecordIx)> {
        let Kind::List(place) = set.kind else {
            return Vec::new();
        };
        let mut all = Vec::new();
        let file = self.file;
        for number in file.step().record(set.record).refs(place).take(MAX_ENTRIES) {
            let Some(record) = file.step().find(number) else {
                continue;
            };
            if let Value::Text(text) = file.step().record(record).arg(0) {
                all.push((self.symbols.text(text), record));
            }
        }
        all
    }

    /// The property because of which a facet passes: where it is, its value and whether it is one
    /// of several.
    pub(in crate::ids) fn property_found(
        &mut self,
        column: ColumnId,
        data_type: Option<Sym>,
        value: Option<ConstraintId>,
    ) -> Option<(Option<Typed>, Place)> {
        let column: std::rc::Rc<Column> = self.column(column);
        for group in column.iter() {
            for found in &group.found {
                if self.judge(found, data_type, value).is_ok() {
                    let typed = self.typical(&found.shape, value);
                    return Some((typed, found.place(group.set)));
                }
            }
        }
        None
    }

    /// The value that satisfies a constraint, else the first.
    fn typical(&mut self, shape: &Shape, value: Option<ConstraintId>) -> Option<Typed> {
        let all: Vec<Typed> = match shape {
            Shape::Single(typed) => vec![*typed],
            Shape::Several(all) => all.clone(),
            Shape::Bounded {
                lower,
                upper,
                set_point,
            } => [set_point, lower, upper]
                .into_iter()
                .flatten()
                .copied()
                .collect(),
            Shape::Opaque(_) | Shape::Unsupported => Vec::new(),
        };
        let right = all
            .iter()
            .find(|typed| value.is_some_and(|wanted| self.satisfies(wanted, typed.1)));
        right.or(all.first()).copied()
    }
}
