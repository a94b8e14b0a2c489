//! A table of the file, read key by key; keys that nobody asked for are wrong.

use plancheck_engine::rules::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Text;
use crate::diagnostic::{Diagnostic, Span, Wrong};

/// A table, with what it is for messages.
pub(crate) struct Table<'a, 's> {
    source: &'s str,
    table: &'a DeTable<'s>,
    /// Where it begins.
    pub(crate) span: Span,
    /// `[rules.egress-door]`
    what: String,
    asked: Vec<&'static str>,
}

impl<'a, 's> Table<'a, 's> {
    pub(crate) fn new(
        source: &'s str,
        table: &'a DeTable<'s>,
        span: Span,
        what: impl Into<String>,
    ) -> Table<'a, 's> {
        Table {
            source,
            table,
            span,
            what: what.into(),
            asked: Vec::new(),
        }
    }

    /// The file that it stands in.
    pub(crate) fn source(&self) -> &'s str {
        self.source
    }

    /// The value of a key.
    pub(crate) fn value(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'s>>> {
        self.asked.push(key);
        self.table.get(key)
    }

    /// Whether a key is there; it has to be asked for apart from this.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where a key stands.
    pub(crate) fn key_span(&self, key: &str) -> Option<Span> {
        self.table.get_key_value(key).map(|(key, _)| key.span())
    }

    /// Every key with its value, in the order of the file.
    pub(crate) fn entries(&self) -> Vec<(Text, &'a Spanned<DeValue<'s>>)> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
            .into_iter()
            .map(|(key, value)| (Text::new(self.source, key.span(), key.get_ref()), value))
            .collect()
    }

    /// A text, if it is there.
    pub(crate) fn text(&mut self, key: &'static str, wrong: &mut Wrong) -> Option<Text> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(Text::new(self.source, value.span(), text)),
            other => {
                wrong.push(kind(value.span(), key, "a text", other));
                None
            }
        }
    }

    /// A text that has to be there and not be empty.
    pub(crate) fn required(&mut self, key: &'static str, wrong: &mut Wrong) -> Option<Text> {
        if !self.has(key) {
            self.asked.push(key);
            wrong.push(self.missing(key));
            return None;
        }
        let text = self.text(key, wrong)?;
        if text.value.trim().is_empty() {
            let empty = format!("`{key}` of {} is empty", self.what);
            wrong.push(Diagnostic::new("empty", text.whole(), empty));
            return None;
        }
        Some(text)
    }

    pub(crate) fn missing(&self, key: &str) -> Box<Diagnostic> {
        Diagnostic::new(
            "missing-key",
            self.span.clone(),
            format!("{} has no `{key}`", self.what),
        )
    }

    /// The value of a text that has to be there.
    pub(crate) fn string(&mut self, key: &'static str, wrong: &mut Wrong) -> String {
        self.required(key, wrong)
            .map(|text| text.value)
            .unwrap_or_default()
    }

    /// The value of a text that may be there.
    pub(crate) fn optional(&mut self, key: &'static str, wrong: &mut Wrong) -> String {
        self.text(key, wrong)
            .map(|text| text.value)
            .unwrap_or_default()
    }

    /// True or false; false where it is not there.
    pub(crate) fn flag(&mut self, key: &'static str, wrong: &mut Wrong) -> bool {
        match self.value(key) {
            None => false,
            Some(value) => value.get_ref().as_bool().unwrap_or_else(|| {
                wrong.push(kind(value.span(), key, "true or false", value.get_ref()));
                false
            }),
        }
    }

    /// One of some names.
    pub(crate) fn one_of<T: Copy>(
        &mut self,
        key: &'static str,
        names: &[(&'static str, T)],
        wrong: &mut Wrong,
    ) -> Option<T> {
        let text = self.text(key, wrong)?;
        let found = names.iter().find(|(name, _)| *name == text.value);
        if found.is_none() {
            let known: Vec<&str> = names.iter().map(|n| n.0).collect();
            let message = format!("`{key}` cannot be {:?}", text.value);
            let near = nearest(&text.value, names.iter().map(|n| n.0));
            let near = near.map(|near| format!("{near:?}"));
            wrong.push(
                Diagnostic::new("unknown-choice", text.whole(), message)
                    .help(format!("it is one of: {}", known.join(", ")))
                    .suggest(near.as_deref()),
            );
        }
        found.map(|(_, value)| *value)
    }

    /// A table inside.
    pub(crate) fn table(
        &mut self,
        key: &'static str,
        what: impl Into<String>,
        wrong: &mut Wrong,
    ) -> Option<Table<'a, 's>> {
        let value = self.value(key)?;
        let span = self.key_span(key).unwrap_or_else(|| value.span());
        inside(self.source, value, span, what, wrong)
    }

    /// Tables in a list.
    pub(crate) fn tables(
        &mut self,
        key: &'static str,
        what: &str,
        wrong: &mut Wrong,
    ) -> Vec<Table<'a, 's>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(members) = value.get_ref().as_array() else {
            wrong.push(kind(value.span(), key, "a list of tables", value.get_ref()));
            return Vec::new();
        };
        members
            .iter()
            .filter_map(|member| inside(self.source, member, member.span(), what, wrong))
            .collect()
    }

    /// Texts in a list.
    pub(crate) fn texts(&mut self, key: &'static str, wrong: &mut Wrong) -> Vec<Text> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(members) = value.get_ref().as_array() else {
            wrong.push(kind(value.span(), key, "a list of texts", value.get_ref()));
            return Vec::new();
        };
        let mut out = Vec::new();
        for member in members {
            match member.get_ref() {
                DeValue::String(text) => out.push(Text::new(self.source, member.span(), text)),
                other => wrong.push(kind(member.span(), key, "a text", other)),
            }
        }
        out
    }

    /// Complains of keys that nobody asked for.
    pub(crate) fn finish(self, wrong: &mut Wrong) {
        for (key, _) in self.entries() {
            if self.asked.iter().any(|asked| *asked == key.value) {
                continue;
            }
            let message = format!("{} has no key `{}`", self.what, key.value);
            let near = nearest(&key.value, self.asked.iter().copied());
            let mut unknown = Diagnostic::new("unknown-key", key.whole(), message).suggest(near);
            if near.is_none() {
                unknown = unknown.help(format!("known keys: {}", self.asked.join(", ")));
            }
            wrong.push(unknown);
        }
    }
}

/// A value that has to be a table.
pub(crate) fn inside<'a, 's>(
    source: &'s str,
    value: &'a Spanned<DeValue<'s>>,
    span: Span,
    what: impl Into<String>,
    wrong: &mut Wrong,
) -> Option<Table<'a, 's>> {
    let what = what.into();
    match value.get_ref() {
        DeValue::Table(table) => Some(Table::new(source, table, span, what)),
        other => {
            wrong.push(kind(value.span(), &what, "a table", other));
            None
        }
    }
}

/// A value of the wrong kind.
pub(crate) fn kind(span: Span, key: &str, wanted: &str, found: &DeValue<'_>) -> Box<Diagnostic> {
    let found = match found {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    Diagnostic::new(
        "wrong-kind",
        span,
        format!("`{key}` is {found}; {wanted} is wanted"),
    )
}
