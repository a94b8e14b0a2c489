//! What is wrong with a rulebook, where, and what could be meant; rendered as rustc does.

use std::fmt;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

/// Bytes of the rulebook.
pub type Span = Range<usize>;

/// More than this are not listed: the first ones tell what to do.
const MAX_LISTED: usize = 200;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable, for machines: `unknown-fact`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What stands there, in a few words; may be empty.
    pub label: String,
    /// Other places that have to do with it.
    pub related: Vec<(Span, String)>,
    /// What to do.
    pub help: Vec<String>,
    /// What could be meant in place of the span.
    pub suggestion: Option<String>,
}

impl Diagnostic {
    pub(crate) fn new(
        code: &'static str,
        span: Span,
        message: impl Into<String>,
    ) -> Box<Diagnostic> {
        Box::new(Diagnostic {
            code,
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            help: Vec::new(),
            suggestion: None,
        })
    }

    pub(crate) fn label(mut self: Box<Self>, label: impl Into<String>) -> Box<Diagnostic> {
        self.label = label.into();
        self
    }

    pub(crate) fn related(
        mut self: Box<Self>,
        span: Span,
        label: impl Into<String>,
    ) -> Box<Diagnostic> {
        self.related.push((span, label.into()));
        self
    }

    pub(crate) fn help(mut self: Box<Self>, help: impl Into<String>) -> Box<Diagnostic> {
        self.help.push(help.into());
        self
    }

    pub(crate) fn suggest(mut self: Box<Self>, instead: Option<&str>) -> Box<Diagnostic> {
        self.suggestion = instead.map(str::to_owned);
        self
    }
}

/// What is wrong so far.
#[derive(Debug, Default)]
pub(crate) struct Wrong(Vec<Diagnostic>);

impl Wrong {
    #[allow(
        clippy::boxed_local,
        reason = "results carry it boxed, so that they stay small"
    )]
    pub(crate) fn push(&mut self, diagnostic: Box<Diagnostic>) {
        self.0.push(*diagnostic);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Everything that is wrong with a rulebook. Displays as plain text; [`Errors::render`] has colours.
#[derive(Clone, Debug)]
pub struct Errors {
    file: String,
    source: String,
    list: Vec<Diagnostic>,
}

impl Errors {
    pub(crate) fn new(file: &str, source: &str, wrong: Wrong) -> Errors {
        let mut list = wrong.0;
        for diagnostic in &mut list {
            diagnostic.span = whole(source, &diagnostic.span);
            for (span, _) in &mut diagnostic.related {
                *span = whole(source, span);
            }
        }
        list.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.span.start, d.span.end);
            key(a).cmp(&key(b))
        });
        // What several rules share is wrong once.
        list.dedup_by(|a, b| a.span == b.span && a.code == b.code && a.message == b.message);
        Errors {
            file: file.to_owned(),
            source: source.to_owned(),
            list,
        }
    }

    /// One for each thing that is wrong, in the order of the file.
    #[must_use]
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// As text, with the lines of the rulebook; in colours where the terminal has them.
    #[must_use]
    pub fn render(&self, colours: bool) -> String {
        let renderer = if colours {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let mut out = String::new();
        for diagnostic in self.list.iter().take(MAX_LISTED) {
            out += &self.one(&renderer, diagnostic);
            out += "\n\n";
        }
        let count = self.list.len();
        if count > MAX_LISTED {
            out += &format!("… and {} more\n\n", count - MAX_LISTED);
        }
        let plural = if count == 1 { "" } else { "s" };
        out + &format!("{}: {count} error{plural}\n", self.file)
    }

    fn one(&self, renderer: &Renderer, diagnostic: &Diagnostic) -> String {
        let mut annotation = AnnotationKind::Primary.span(diagnostic.span.clone());
        if !diagnostic.label.is_empty() {
            annotation = annotation.label(diagnostic.label.as_str());
        }
        let mut snippet = Snippet::source(self.source.as_str())
            .path(self.file.as_str())
            .annotation(annotation);
        for (span, label) in &diagnostic.related {
            let context = AnnotationKind::Context.span(span.clone());
            snippet = snippet.annotation(context.label(label.as_str()));
        }
        let mut group = Level::ERROR
            .primary_title(diagnostic.message.as_str())
            .id(diagnostic.code)
            .element(snippet);
        for help in &diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let mut report: Vec<Group<'_>> = vec![group];
        if let Some(instead) = &diagnostic.suggestion {
            let patch = Patch::new(diagnostic.span.clone(), instead.as_str());
            report.push(
                Level::HELP
                    .secondary_title(format!("did you mean `{instead}`?"))
                    .element(Snippet::source(self.source.as_str()).patch(patch)),
            );
        }
        renderer.render(&report)
    }
}

/// The span with all of the characters that it touches, inside the file.
fn whole(source: &str, span: &Span) -> Span {
    let start = source.floor_char_boundary(span.start);
    start..source.ceil_char_boundary(span.end).max(start)
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Errors {}
