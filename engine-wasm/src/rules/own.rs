//! Batches of views that ask for nothing but numbers and texts that objects were given: columns are
//! filled from the model's fields, without a cell between.

use plancheck_contract::{Batch, FactKind, LAYOUT_EXACT, LAYOUT_TEXT, NO_TEXT};

use super::path::{Expr, Raw};
use super::ruleset::{Ruleset, ViewPlan};
use crate::model::{ElementId, Field, Fields, Model};

/// Where a field goes: the first place of its column, in numbers or in texts.
#[derive(Clone, Copy, Default)]
struct Slots {
    number: Option<usize>,
    text: Option<usize>,
}

/// What is kept between batches: which number a text has in the batch that is filled.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    /// By the number in the model: the batch that used it last, and the number there.
    known: Vec<(u32, u32)>,
    batch: u32,
}

impl Symbols {
    fn begin(&mut self, texts: usize) {
        self.batch = self.batch.wrapping_add(1);
        if self.known.len() != texts || self.batch == 0 {
            self.known.clear();
            self.known.resize(texts, (0, 0));
            self.batch = 1;
        }
    }

    fn of(&mut self, fields: &Fields, text: u32, batch: &mut Batch) -> u32 {
        let Some(known) = self.known.get_mut(text as usize) else {
            return NO_TEXT;
        };
        if known.0 != self.batch {
            batch.text.push_str(fields.text(text));
            // a batch's texts are names out of one model; far below 4 GB
            let end = u32::try_from(batch.text.len()).unwrap_or(u32::MAX);
            batch.text_ends.push(end);
            *known = (self.batch, batch.text_ends.len() as u32 - 1);
        }
        known.1
    }
}

/// The batch of some rows; none where the view asks for something else, or the model was edited.
pub(super) fn batch(
    model: &Model,
    ruleset: &Ruleset,
    view: &ViewPlan,
    rows: &[ElementId],
    symbols: &mut Symbols,
) -> Option<Batch> {
    let fields = model.unedited_fields()?;
    if view.only_if.is_some() || (view.only.is_some() && ruleset.type_of_rows(view).is_none()) {
        return None;
    }
    let mut slots = vec![Slots::default(); fields.names()];
    let mut batch = Batch {
        rows: u32::try_from(rows.len()).ok()?,
        ..Batch::default()
    };
    let (mut numbers, mut texts) = (0, 0);
    for (node, kind) in &view.columns {
        let Some(Expr::Raw(Raw::Given(own), _)) = ruleset.plan.node(*node).map(|n| &n.expr) else {
            return None;
        };
        let field = own.field(fields)?;
        let slot = field.and_then(|field| slots.get_mut(field as usize));
        match kind {
            FactKind::Number => {
                batch.layout.push(LAYOUT_EXACT);
                if let Some(slot) = slot {
                    slot.number = Some(numbers);
                }
                numbers += rows.len();
            }
            FactKind::Text => {
                batch.layout.push(LAYOUT_TEXT);
                if let Some(slot) = slot {
                    slot.text = Some(texts);
                }
                texts += rows.len();
            }
            FactKind::Boolean => return None,
        }
    }
    batch.numbers = vec![f64::NAN; numbers];
    batch.symbols = vec![NO_TEXT; texts];
    symbols.begin(fields.texts());
    for (row, element) in rows.iter().enumerate() {
        for (name, field) in fields.of(*element) {
            let slot = slots.get(*name as usize).copied().unwrap_or_default();
            match (field, slot) {
                (
                    Field::Number(x),
                    Slots {
                        number: Some(at), ..
                    },
                ) => {
                    if let Some(place) = batch.numbers.get_mut(at + row) {
                        *place = *x;
                    }
                }
                (Field::Text(text), Slots { text: Some(at), .. }) => {
                    let symbol = symbols.of(fields, *text, &mut batch);
                    if let Some(place) = batch.symbols.get_mut(at + row) {
                        *place = symbol;
                    }
                }
                _ => {}
            }
        }
    }
    Some(batch)
}
