//! Looks at all of a program, once, when it is built.

use crate::format::{MAX_INSTRUCTIONS, Operand, Section, Sort, column_sort};
use crate::program::{Broken, Group, Program, View};
use crate::text::Question;

fn need(good: bool) -> Result<(), Broken> {
    if good { Ok(()) } else { Err(Broken) }
}

impl Program<'_> {
    /// Looks at every entry: whether it names what is there, and of the right sort.
    ///
    /// # Errors
    /// It does not.
    pub fn validate(&self) -> Result<(), Broken> {
        self.manifest()?;
        let literals = self.literals()?.len();
        let count = |section| self.section(section).map(|(_, count)| count as u32);
        let mut views = Vec::new();
        for index in 0..count(Section::Views)? {
            let view = self.view(index)?;
            need(view.code.len() <= MAX_INSTRUCTIONS)?;
            need(view.columns as usize <= plancheck_contract::MAX_VIEW_FACTS)?;
            self.validate_view(&view, literals)?;
            views.push(view);
        }
        let sort = |view: u32, register: u32| {
            let view = views.get(view as usize).ok_or(Broken)?;
            let instruction = view.code.get(register as usize).ok_or(Broken)?;
            Ok(instruction.op.out())
        };
        for index in 0..count(Section::Rules)? {
            let rule = self.rule(index)?;
            for register in rule.when.iter().chain([&rule.require]) {
                need(sort(rule.view, *register)? == Sort::Truth)?;
            }
            for at in 0..rule.messages {
                let message = self.message(rule.first_message.checked_add(at).ok_or(Broken)?)?;
                if let Some(when) = message.when {
                    need(sort(rule.view, when)? == Sort::Truth)?;
                }
                for argument in message.arguments {
                    need(sort(rule.view, argument)? == Sort::Number)?;
                }
            }
        }
        for index in 0..count(Section::Derived)? {
            let [view, register] = self.derived(index)?;
            sort(view, register)?;
        }
        let mut groups = Vec::new();
        for index in 0..count(Section::Tests)? {
            let test = self.test(index)?;
            need(Question::from_code(test.head).is_some())?;
            groups.push(test);
        }
        for index in 0..count(Section::Tables)? {
            let table = self.table(index)?;
            let end = table.head.checked_add(table.count).ok_or(Broken)?;
            need(end <= self.parameters()?)?;
            groups.push(table);
        }
        groups
            .iter()
            .try_for_each(|group| self.validate_group(group, literals))
    }

    fn validate_group(&self, group: &Group, literals: usize) -> Result<(), Broken> {
        let members = self.members(group)?;
        need(members.iter().all(|at| (*at as usize) < literals))
    }

    fn validate_view(&self, view: &View, literals: usize) -> Result<(), Broken> {
        for (register, instruction) in view.code.iter().enumerate() {
            need(plancheck_contract::Unit::from_code(instruction.unit).is_some())?;
            for (kind, &value) in instruction.op.operands().iter().zip(&instruction.operands) {
                let earlier = |sort: Option<Sort>| {
                    let found = view
                        .code
                        .get(value as usize)
                        .filter(|_| (value as usize) < register);
                    found.is_some_and(|i| sort.is_none_or(|sort| i.op.out() == sort))
                };
                let column = |sort| Ok(column_sort(self.column(view, value)?) == Some(sort));
                need(match kind {
                    Operand::Number => earlier(Some(Sort::Number)),
                    Operand::Truth => earlier(Some(Sort::Truth)),
                    Operand::Text => earlier(Some(Sort::Text)),
                    Operand::Any => earlier(None),
                    Operand::NumberColumn => column(Sort::Number)?,
                    Operand::TruthColumn => column(Sort::Truth)?,
                    Operand::TextColumn => column(Sort::Text)?,
                    Operand::Constant => self.constant(value)?.is_finite(),
                    Operand::Cell => value < self.parameters()?,
                    Operand::Table => self.table(value).is_ok(),
                    Operand::Test => self.test(value).is_ok(),
                    Operand::Literal => (value as usize) < literals,
                    Operand::Bit => value < 2,
                })?;
            }
        }
        Ok(())
    }
}
