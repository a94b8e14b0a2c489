//! The outer form of fact paths, and what a misspelt name could have meant.

/// The part before the first dot outside parentheses, and what follows it.
pub(super) fn split_head(path: &str) -> Result<(&str, Option<&str>), String> {
    let mut depth = 0_usize;
    for (at, c) in path.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth = depth
                    .checked_sub(1)
                    .ok_or("a closing parenthesis too many")?
            }
            '.' if depth == 0 => {
                let (head, rest) = path.split_at(at);
                let rest = rest.get(1..).unwrap_or_default();
                if head.is_empty() || rest.is_empty() {
                    return Err("a name is missing beside a dot".to_owned());
                }
                return Ok((head.trim(), Some(rest.trim())));
            }
            _ => {}
        }
    }
    if depth > 0 {
        return Err("a closing parenthesis is missing".to_owned());
    }
    if path.is_empty() {
        Err("it is empty".to_owned())
    } else {
        Ok((path, None))
    }
}

/// `name` or `name(a, b)`: the name and its arguments.
pub(super) fn split_call(part: &str) -> Result<(&str, Option<Vec<String>>), String> {
    let Some((name, inside)) = part.split_once('(') else {
        return Ok((part, None));
    };
    let Some(inside) = inside.strip_suffix(')') else {
        return Err(format!("text after the closing parenthesis of {name}(…)"));
    };
    let mut arguments = Vec::new();
    let (mut depth, mut current) = (0_usize, String::new());
    for c in inside.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                arguments.push(std::mem::take(&mut current));
                continue;
            }
            _ => {}
        }
        current.push(c);
    }
    if !inside.trim().is_empty() {
        arguments.push(current);
    }
    let clean: Vec<String> = arguments
        .iter()
        .map(|a| a.trim().trim_matches(['"', '\'']).to_owned())
        .collect();
    if clean.iter().any(String::is_empty) {
        return Err(format!("an empty argument in {name}(…)"));
    }
    Ok((name.trim(), Some(clean)))
}

/// `, did you mean "…"?` for the nearest name, if one is near.
pub(super) fn suggest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> String {
    nearest(name, names).map_or_else(String::new, |n| format!(", did you mean {n:?}?"))
}

/// The nearest name, if one is near enough to be meant.
#[must_use]
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (distance, found) = names.map(|n| (distance(name, n), n)).min()?;
    (distance <= 1 + name.len() / 3).then_some(found)
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let best = (*cell + 1)
                .min(left + 1)
                .min(diagonal + usize::from(x != *y));
            diagonal = std::mem::replace(cell, best);
            left = best;
        }
    }
    row.last().copied().unwrap_or(0)
}
