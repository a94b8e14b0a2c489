//! Other rows: those that a row is connected to or near, and the one with an id.

use std::collections::HashMap;

use crate::batch::Rows;
use crate::condition::Own;
use crate::evaluate::Table;
use crate::value::Value;

/// The distance of two points.
///
/// Not by squares alone: a limit is held against what the root rounds to.
fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    let [x, y, z] = [0, 1, 2].map(|axis: usize| {
        let of = |point: [f64; 3]| point.get(axis).copied().unwrap_or(0.0);
        of(b) - of(a)
    });
    (x * x + y * y + z * z).sqrt()
}

/// The rows of a batch as others see them; what is needed is found when first asked for.
pub(crate) struct Others<'b, 'r> {
    rows: &'r Rows<'b>,
    own: Own,
    ids: Option<HashMap<&'b str, Vec<usize>>>,
    points: Option<Vec<Option<[f64; 3]>>>,
}

impl<'b, 'r> Others<'b, 'r> {
    pub(crate) fn new(rows: &'r Rows<'b>, own: Own) -> Others<'b, 'r> {
        Others {
            rows,
            own,
            ids: None,
            points: None,
        }
    }

    fn ids(&mut self) -> &HashMap<&'b str, Vec<usize>> {
        let (rows, column) = (self.rows, self.own.object_id);
        self.ids.get_or_insert_with(|| {
            let mut ids: HashMap<&str, Vec<usize>> = HashMap::new();
            for row in 0..rows.count {
                if let Some(id) = rows.text(column, row) {
                    ids.entry(id).or_default().push(row);
                }
            }
            ids
        })
    }

    fn points(&mut self) -> &[Option<[f64; 3]>] {
        let (rows, own) = (self.rows, self.own);
        self.points.get_or_insert_with(|| {
            let point = |row| {
                if rows.number(own.located, row) != 1.0 {
                    return None;
                }
                let mut point = [0.0; 3];
                for (axis, columns) in point.iter_mut().zip(&own.place) {
                    match rows.value(columns, row) {
                        None => {}
                        Some(Value::Number(x, _)) => *axis = x,
                        Some(_) => return None,
                    }
                }
                Some(point)
            };
            (0..rows.count).map(point).collect()
        })
    }

    /// The best of the states of those of a type that a row is connected to.
    pub(crate) fn linked(&mut self, table: &Table, row: usize, is: &[bool]) -> u8 {
        let Some(connections) = self.rows.text(self.own.connections, row) else {
            return 0;
        };
        let ids = self.ids();
        let targets = connections.split('\n').filter_map(|id| ids.get(id));
        let mut best = 0;
        for target in targets.flatten() {
            if is.get(*target) == Some(&true) {
                best = best.max(table.state(*target));
            }
        }
        best
    }

    /// For each of some rows the best of the states of those of a type that are near.
    pub(crate) fn near(
        &mut self,
        table: &Table,
        rows: &[usize],
        targets: &[bool],
        limit: f64,
    ) -> Vec<u8> {
        let points = self.points();
        let at = |row: usize| points.get(row).copied().flatten();
        // Those of the type by x: only a window of them can be near.
        let mut sorted: Vec<([f64; 3], u8)> = targets
            .iter()
            .enumerate()
            .filter(|(row, is)| **is && table.state(*row) > 0)
            .filter_map(|(row, _)| Some((at(row)?, table.state(row))))
            .collect();
        sorted.sort_by(|(a, _), (b, _)| a[0].total_cmp(&b[0]));
        // The root may round to less than the difference in x.
        let reach = limit * (1.0 + 1e-9);
        let best = |row: &usize| {
            let Some(point) = at(*row) else { return 0 };
            let [x, ..] = point;
            let first = sorted.partition_point(|([other, ..], _)| *other < x - reach);
            let mut best = 0;
            for (other, state) in sorted.iter().skip(first) {
                let [far, ..] = other;
                if best == 2 || *far > x + reach {
                    break;
                }
                if *state > best && distance(point, *other) <= limit {
                    best = *state;
                }
            }
            best
        };
        rows.iter().map(best).collect()
    }

    /// The first of the rows with an id, in the order of the table.
    pub(crate) fn named(&mut self, table: &Table, id: &str) -> Option<usize> {
        let rows = self.ids().get(id)?;
        let known = rows.iter().copied().filter(|row| table.state(*row) > 0);
        known.min_by_key(|row| (2 - table.state(*row), table.place(*row), *row))
    }

    /// The distance of two rows; infinite where one has no place.
    pub(crate) fn distance(&mut self, a: usize, b: usize) -> f64 {
        let points = self.points();
        let at = |row: usize| points.get(row).copied().flatten();
        match (at(a), at(b)) {
            (Some(a), Some(b)) => distance(a, b),
            _ => f64::INFINITY,
        }
    }
}
