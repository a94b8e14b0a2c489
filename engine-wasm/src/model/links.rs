//! Lists of elements by element, packed: what a relation gives from one side.

use std::collections::{BTreeMap, BTreeSet};

use super::ElementId;

/// A list of values for each key from 0, in two arrays.
#[derive(Clone, Debug, Default)]
pub(super) struct Packed<T> {
    starts: Vec<u32>,
    values: Vec<T>,
}

impl<T: Copy + Default> Packed<T> {
    /// Packs pairs; the order of the values of one key is that of the pairs. `keys` is one more
    /// than the largest key.
    pub(super) fn new(keys: usize, pairs: &[(u32, T)]) -> Packed<T> {
        if pairs.is_empty() {
            return Packed {
                starts: Vec::new(),
                values: Vec::new(),
            };
        }
        let mut starts = vec![0u32; keys + 1];
        for (key, _) in pairs {
            if let Some(count) = starts.get_mut(*key as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut values = vec![T::default(); sum as usize];
        for (key, value) in pairs {
            if let Some(place) = next.get_mut(*key as usize)
                && let Some(slot) = values.get_mut(*place as usize)
            {
                *slot = *value;
                *place += 1;
            }
        }
        Packed { starts, values }
    }

    pub(super) fn get(&self, key: u32) -> &[T] {
        let key = key as usize;
        match (self.starts.get(key), self.starts.get(key + 1)) {
            (Some(first), Some(end)) => self
                .values
                .get(*first as usize..*end as usize)
                .unwrap_or(&[]),
            _ => &[],
        }
    }
}

/// A list of elements for each element, that edits may change.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    packed: Packed<ElementId>,
    /// Lists that an edit changed.
    edited: BTreeMap<ElementId, Vec<ElementId>>,
}

impl Links {
    /// Packs pairs; an element stands in a list once, where it came first.
    pub(super) fn new(elements: usize, pairs: &[(u32, ElementId)]) -> Links {
        let mut order: Vec<((u32, ElementId), usize)> = pairs
            .iter()
            .copied()
            .enumerate()
            .map(|(place, pair)| (pair, place))
            .collect();
        order.sort_unstable();
        order.dedup_by_key(|(pair, _)| *pair);
        order.sort_unstable_by_key(|(_, place)| *place);
        let once: Vec<(u32, ElementId)> = order.into_iter().map(|(pair, _)| pair).collect();
        Links {
            packed: Packed::new(elements, &once),
            edited: BTreeMap::new(),
        }
    }

    pub(super) fn get(&self, element: ElementId) -> &[ElementId] {
        if !self.edited.is_empty()
            && let Some(list) = self.edited.get(&element)
        {
            return list;
        }
        self.packed.get(element.0)
    }

    fn edit(&mut self, element: ElementId) -> &mut Vec<ElementId> {
        let Links { packed, edited } = self;
        edited
            .entry(element)
            .or_insert_with(|| packed.get(element.0).to_vec())
    }

    /// Appends to the list of `element`, once.
    pub(super) fn add(&mut self, element: ElementId, value: ElementId) {
        let list = self.edit(element);
        if !list.contains(&value) {
            list.push(value);
        }
    }

    /// Takes `value` out of the list of `element`.
    pub(super) fn remove(&mut self, element: ElementId, value: ElementId) {
        if self.get(element).contains(&value) {
            self.edit(element).retain(|other| *other != value);
        }
    }

    /// Takes several out of the list of `element`.
    pub(super) fn remove_all(&mut self, element: ElementId, values: &BTreeSet<ElementId>) {
        self.edit(element).retain(|other| !values.contains(other));
    }

    /// Empties the list of `element`.
    pub(super) fn clear(&mut self, element: ElementId) {
        if !self.get(element).is_empty() {
            self.edit(element).clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_keeps_order_and_drops_repeats() {
        let id = ElementId;
        let mut links = Links::new(4, &[(2, id(1)), (0, id(3)), (2, id(0)), (2, id(1))]);
        assert_eq!(links.get(id(2)), [id(1), id(0)]);
        assert_eq!(links.get(id(0)), [id(3)]);
        assert!(links.get(id(1)).is_empty() && links.get(id(9)).is_empty());
        links.add(id(9), id(2));
        links.remove(id(2), id(1));
        links.clear(id(0));
        assert_eq!(links.get(id(9)), [id(2)]);
        assert_eq!(links.get(id(2)), [id(0)]);
        assert!(links.get(id(0)).is_empty());
    }
}
