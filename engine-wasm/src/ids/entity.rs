//! Classes and predefined types of records.

use super::check::{Checker, Outcome, Why};
use super::plan::{ConstraintId, EntityAsk};
use super::scalar::Scalar;
use super::symbols::Sym;
use crate::model::Schema;
use crate::step::{RecordIx, Value};

impl Checker<'_, '_> {
    /// Class and predefined type of a record.
    #[inline(never)]
    pub(super) fn entity(&mut self, record: RecordIx, ask: EntityAsk) -> Outcome {
        let name = self.file.step().record(record).name();
        let sym = self.symbols.borrowed(name);
        let mut is = self.satisfies(ask.name, Scalar::Text(sym));
        if !is
            && self.file.schema() == Schema::Ifc2x3
            && let Some(name) = self.name_by_type(record)
        {
            let sym = self.symbols.owned(name);
            is = self.satisfies(ask.name, Scalar::Text(sym));
        }
        if !is {
            return Outcome::Fail(Why::Class);
        }
        let Some(wanted) = ask.predefined_type else {
            return Outcome::Pass;
        };
        let (written, meant) = self.predefined_type(record);
        let mut takes =
            |sym: Option<Sym>| sym.is_some_and(|sym| self.satisfies(wanted, Scalar::Text(sym)));
        if takes(meant) || takes(written) {
            return Outcome::Pass;
        }
        Outcome::Fail(Why::Predefined(meant.or(written)))
    }

    /// The predefined type because of which [`Checker::entity`] passes.
    pub(super) fn predefined_found(
        &mut self,
        record: RecordIx,
        wanted: ConstraintId,
    ) -> Option<Sym> {
        let (written, meant) = self.predefined_type(record);
        [meant, written]
            .into_iter()
            .flatten()
            .find(|sym| self.satisfies(wanted, Scalar::Text(*sym)))
    }

    /// The predefined type as written and, where that is `USERDEFINED`, what it stands for. That of
    /// the type object wins.
    fn predefined_type(&mut self, record: RecordIx) -> (Option<Sym>, Option<Sym>) {
        let of_type = self.index.type_of(record);
        for at in of_type.into_iter().chain([record]) {
            let written = match self.file.attribute(at, "PredefinedType").untyped() {
                Value::Enum(item) => self.symbols.upper(item),
                _ => continue,
            };
            match self.symbols.get(written) {
                "NOTDEFINED" if Some(at) == of_type => {}
                "USERDEFINED" => {
                    let meant = ["ObjectType", "ElementType", "ProcessType", "ResourceType"]
                        .into_iter()
                        .find_map(|name| self.index.text(at, name));
                    return (Some(written), meant.map(|text| self.symbols.owned(text)));
                }
                _ => return (Some(written), Some(written)),
            }
        }
        (None, None)
    }
}
