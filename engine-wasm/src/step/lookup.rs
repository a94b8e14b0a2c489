//! From instance numbers to records, in memory that does not depend on how large the numbers are.

/// Instance numbers in file order, 32 bits wide while all of them fit.
#[derive(Clone, Debug)]
pub(super) enum Numbers {
    Narrow(Vec<u32>),
    Wide(Vec<u64>),
}

impl Numbers {
    #[inline]
    pub(super) fn get(&self, ix: usize) -> u64 {
        match self {
            Self::Narrow(numbers) => numbers.get(ix).map_or(0, |&n| u64::from(n)),
            Self::Wide(numbers) => numbers.get(ix).map_or(0, |&n| n),
        }
    }

    #[inline]
    pub(super) fn push(&mut self, number: u64) {
        match self {
            Self::Narrow(numbers) => match u32::try_from(number) {
                Ok(narrow) => numbers.push(narrow),
                Err(_) => {
                    let mut wide = Vec::with_capacity(numbers.capacity());
                    wide.extend(numbers.iter().map(|&n| u64::from(n)));
                    wide.push(number);
                    *self = Self::Wide(wide);
                }
            },
            Self::Wide(numbers) => numbers.push(number),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Narrow(numbers) => numbers.len(),
            Self::Wide(numbers) => numbers.len(),
        }
    }

    pub(super) fn reserve_exact(&mut self, more: usize) {
        match self {
            Self::Narrow(numbers) => numbers.reserve_exact(more),
            Self::Wide(numbers) => numbers.reserve_exact(more),
        }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Narrow(numbers) => numbers.capacity() * 4,
            Self::Wide(numbers) => numbers.capacity() * 8,
        }
    }

    /// Smallest and largest.
    fn span(&self) -> Option<(u64, u64)> {
        match self {
            Self::Narrow(n) => Some((u64::from(*n.iter().min()?), u64::from(*n.iter().max()?))),
            Self::Wide(n) => Some((*n.iter().min()?, *n.iter().max()?)),
        }
    }
}

/// Finds the record with a number.
#[derive(Clone, Debug)]
pub(super) enum Lookup {
    /// `table[number - first]` is the record plus one, 0 for none.
    Dense { first: u64, table: Vec<u32> },
    /// Records by number; `buckets[(number - first) >> shift]` is where the search begins.
    Sorted {
        first: u64,
        shift: u32,
        buckets: Vec<u32>,
        order: Vec<u32>,
    },
}

/// Table slots per record up to which a plain table is used: 12 bytes a record at worst, a fifth
/// of a usual record's text.
const DENSE_SLOTS_PER_RECORD: u64 = 3;

impl Lookup {
    /// Builds the table. Calls `duplicate(first, again)` for every record whose number was used
    /// before, in file order.
    pub(super) fn new(numbers: &Numbers, mut duplicate: impl FnMut(u32, u32)) -> Self {
        let count = numbers.len();
        let Some((first, last)) = numbers.span() else {
            return Self::Dense {
                first: 0,
                table: Vec::new(),
            };
        };
        if last - first < count as u64 * DENSE_SLOTS_PER_RECORD + 1024 {
            let mut table = vec![0u32; (last - first) as usize + 1];
            for ix in 0..count {
                if let Some(slot) = table.get_mut((numbers.get(ix) - first) as usize) {
                    if *slot == 0 {
                        *slot = ix as u32 + 1;
                    } else {
                        duplicate(*slot - 1, ix as u32);
                    }
                }
            }
            return Self::Dense { first, table };
        }
        let mut order: Vec<u32> = (0..count as u32).collect();
        order.sort_unstable_by_key(|&ix| (numbers.get(ix as usize), ix));
        let mut again: Vec<(u32, u32)> = Vec::new();
        let mut owner: Option<u32> = None;
        order.retain(|&ix| match owner {
            Some(earlier) if numbers.get(earlier as usize) == numbers.get(ix as usize) => {
                again.push((ix, earlier));
                false
            }
            _ => {
                owner = Some(ix);
                true
            }
        });
        again.sort_unstable();
        for (ix, earlier) in again {
            duplicate(earlier, ix);
        }
        let wanted = order.len() as u64 / 4 + 1;
        let mut shift = 0;
        // 63 at the most: a span of more than half of all numbers keeps two buckets
        while shift < 63 && (last - first) >> shift >= wanted {
            shift += 1;
        }
        let mut buckets = vec![0u32; ((last - first) >> shift) as usize + 2];
        for &ix in &order {
            let bucket = ((numbers.get(ix as usize) - first) >> shift) as usize;
            if let Some(slot) = buckets.get_mut(bucket + 1) {
                *slot += 1;
            }
        }
        let mut sum = 0;
        for slot in &mut buckets {
            sum += *slot;
            *slot = sum;
        }
        Self::Sorted {
            first,
            shift,
            buckets,
            order,
        }
    }

    /// The first record with this number.
    #[inline]
    pub(super) fn find(&self, numbers: &Numbers, number: u64) -> Option<u32> {
        match self {
            Self::Dense { first, table } => {
                let slot = usize::try_from(number.checked_sub(*first)?).ok()?;
                table.get(slot)?.checked_sub(1)
            }
            Self::Sorted {
                first,
                shift,
                buckets,
                order,
            } => {
                let bucket = usize::try_from(number.checked_sub(*first)? >> shift).ok()?;
                let from = *buckets.get(bucket)? as usize;
                let to = *buckets.get(bucket.checked_add(1)?)? as usize;
                let range = order.get(from..to)?;
                let place = range.partition_point(|&ix| numbers.get(ix as usize) < number);
                let ix = *range.get(place)?;
                (numbers.get(ix as usize) == number).then_some(ix)
            }
        }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Dense { table, .. } => table.capacity() * 4,
            Self::Sorted { buckets, order, .. } => (buckets.capacity() + order.capacity()) * 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(list: &[u64]) -> (Numbers, Lookup, Vec<(u32, u32)>) {
        let mut numbers = Numbers::Narrow(Vec::new());
        list.iter().for_each(|&n| numbers.push(n));
        let mut duplicates = Vec::new();
        let lookup = Lookup::new(&numbers, |first, again| duplicates.push((first, again)));
        (numbers, lookup, duplicates)
    }

    #[test]
    fn finds_what_a_scan_finds() {
        let cases: &[(&str, Vec<u64>)] = &[
            ("none", vec![]),
            ("one", vec![7]),
            ("dense", (1..5000).collect()),
            ("dense from far", (10_000_000_000..10_000_000_100).collect()),
            ("descending", (1..5000).rev().collect()),
            (
                "sparse",
                vec![1_000_000_000_000, 5, 9_000_000_000, 6, u64::MAX, 0],
            ),
            ("far apart", (0..5000).map(|i| i * 1_000_003 + 17).collect()),
            (
                "two heaps",
                (0..2000).chain(1 << 40..(1 << 40) + 2000).collect(),
            ),
            ("one alone, far off", vec![5, u64::MAX - 3, 5]),
            ("duplicates", vec![4, 4, 2, 4, 2]),
            ("sparse duplicates", vec![1 << 50, 4, 1 << 50, 4, 4]),
        ];
        for (name, list) in cases {
            let (numbers, lookup, duplicates) = build(list);
            assert!(
                lookup.bytes() <= list.len() * 24 + 8192,
                "{name}: {} bytes",
                lookup.bytes()
            );
            for &wanted in list {
                let first = list.iter().position(|&n| n == wanted).map(|ix| ix as u32);
                assert_eq!(lookup.find(&numbers, wanted), first, "{name}: {wanted}");
                for near in [wanted.wrapping_add(1), wanted.wrapping_sub(1)] {
                    let first = list.iter().position(|&n| n == near).map(|ix| ix as u32);
                    assert_eq!(lookup.find(&numbers, near), first, "{name}: {near}");
                }
            }
            let expected: Vec<(u32, u32)> = (0..list.len())
                .filter_map(|ix| {
                    let first = list.iter().position(|n| *n == list[ix])?;
                    (first < ix).then_some((first as u32, ix as u32))
                })
                .collect();
            assert_eq!(duplicates, expected, "{name}");
        }
    }
}
