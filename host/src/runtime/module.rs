//! A jurisdiction module: one question, one fresh instance, one checked answer.

use std::sync::Arc;
use std::time::Duration;

use plancheck_contract::check::{BadAnswer, check_columns, check_facts, check_verdicts};
use plancheck_contract::{Batch, Columns, Verdicts};
use wasmtime::Store;
use wasmtime::component::{
    ComponentExportIndex, ComponentNamedList, ComponentType, Instance, InstancePre, Lift, Lower,
    TypedFunc,
};

use super::engine::wire;
use super::error::{ModuleError, shown};
use super::guard::{Allowance, Guard, stopped, store};
use super::inspect::{World, inspect};
use super::{Shared, Trust};

/// A module that was checked, compiled and described. May be called from many threads at once;
/// no call sees anything of another one.
pub struct Module {
    /// The text that `describe` returned. Not parsed yet: the engine does.
    pub manifest_json: String,
    /// BLAKE3 of the file.
    pub digest: [u8; 32],
    shared: Arc<Shared>,
    pre: InstancePre<Guard>,
    exports: Exports,
}

/// Where the functions are in the component.
struct Exports {
    describe: ComponentExportIndex,
    derive: ComponentExportIndex,
    evaluate: ComponentExportIndex,
}

/// A batch as the guest sees it, borrowed: it is copied once, from our lists into its memory.
#[derive(ComponentType, Lower)]
#[component(record)]
struct Rows<'a> {
    view: u32,
    rows: u32,
    layout: &'a [u8],
    numbers: &'a [f64],
    symbols: &'a [u32],
    text: &'a str,
    #[component(name = "text-ends")]
    text_ends: &'a [u32],
    parameters: &'a [f64],
    detail: bool,
}

impl<'a> From<&'a Batch> for Rows<'a> {
    fn from(batch: &'a Batch) -> Rows<'a> {
        Rows {
            view: batch.view,
            rows: batch.rows,
            layout: &batch.layout,
            numbers: &batch.numbers,
            symbols: &batch.symbols,
            text: &batch.text,
            text_ends: &batch.text_ends,
            parameters: &batch.parameters,
            detail: batch.detail,
        }
    }
}

/// Bytes of one verdict in an answer, all lists together.
const VERDICT_BYTES: usize = 4 + 4 + 1 + 1 + 1 + 8 + 8 + 8 + 8 + 4 + 4;
/// Arguments of a message that a verdict may have on average; messages have up to five or so.
const ARGUMENTS: usize = 8;
/// Bytes of one value of a derived fact: value, tolerance, facts, and the end of its text.
const VALUE_BYTES: usize = 8 + 8 + 8 + 4;
/// Lists and records cost a little even when they are empty.
const SLACK: usize = 4096;

impl Module {
    pub(super) fn load(
        shared: &Arc<Shared>,
        bytes: &[u8],
        trust: Trust,
    ) -> Result<Module, ModuleError> {
        let caps = (trust == Trust::Untrusted).then_some(&shared.limits);
        let interface = inspect(bytes, World::Module, shared.limits.module_memory, caps)?;
        let (component, pre) = shared.prepare(&shared.modules, bytes, trust)?;
        let wrong = |found: String| World::Module.wrong(found);
        let instance = component.get_export_index(None, &interface);
        let function = |name: &str| {
            let index = instance.and_then(|i| component.get_export_index(Some(&i), name));
            index.ok_or_else(|| wrong(format!("{} without `{name}`", shown(&interface))))
        };
        let exports = Exports {
            describe: function("describe")?,
            derive: function("derive")?,
            evaluate: function("evaluate")?,
        };
        let manifest_json = describe(shared, &pre, &exports, |error| {
            wrong(format!("{} of other types: {error}", shown(&interface)))
        })?;
        let digest = *blake3::hash(bytes).as_bytes();
        Ok(Module {
            manifest_json,
            digest,
            shared: Arc::clone(shared),
            pre,
            exports,
        })
    }

    /// Judges rules (indices in the manifest) over a batch.
    ///
    /// # Errors
    ///
    /// When the module is stopped, or its answer breaks the contract or is larger than any honest
    /// answer to this question.
    pub fn evaluate(&self, checks: &[u32], batch: &Batch) -> Result<Verdicts, ModuleError> {
        let limits = &self.shared.limits;
        let pairs = checks.len().saturating_mul(batch.rows as usize);
        let most = pairs.min(limits.max_verdicts);
        let answer = most.saturating_mul(VERDICT_BYTES + 8 * ARGUMENTS);
        let verdicts: wire::Verdicts = self.call(
            limits.batch_deadline,
            answer,
            &self.exports.evaluate,
            checks,
            batch,
        )?;
        let verdicts = Verdicts::from(verdicts);
        check_verdicts(&verdicts, checks.len(), batch.rows, None)
            .and_then(|()| check_facts(&verdicts.facts, batch.layout.len()))
            .map_err(broken)?;
        Ok(verdicts)
    }

    /// Computes derived facts (indices in the manifest) over a batch.
    ///
    /// # Errors
    ///
    /// As for [`Module::evaluate`].
    pub fn derive(&self, derived: &[u32], batch: &Batch) -> Result<Columns, ModuleError> {
        let limits = &self.shared.limits;
        let values = derived.len().saturating_mul(batch.rows as usize);
        let answer = values
            .saturating_mul(VALUE_BYTES)
            .saturating_add(limits.max_text_bytes);
        let columns: wire::Columns = self.call(
            limits.batch_deadline,
            answer,
            &self.exports.derive,
            derived,
            batch,
        )?;
        let columns = Columns::from(columns);
        check_columns(&columns, derived.len(), batch.rows, None)
            .and_then(|()| check_facts(&columns.facts, batch.layout.len()))
            .map_err(broken)?;
        Ok(columns)
    }

    fn call<Answer>(
        &self,
        deadline: Duration,
        answer: usize,
        function: &ComponentExportIndex,
        asked: &[u32],
        batch: &Batch,
    ) -> Result<Answer, ModuleError>
    where
        Answer: Lift + Send + Sync + 'static,
    {
        let answer = answer
            .saturating_add(SLACK)
            .min(self.shared.limits.hostcall_fuel);
        let allowance = self.shared.allowance(deadline, answer);
        fresh(&self.shared, &self.pre, allowance, |store, instance| {
            let function: TypedFunc<(&[u32], Rows<'_>), (Answer,)> =
                typed(store, instance, function).map_err(|e| ModuleError::Host(e.to_string()))?;
            let answered = function.call(&mut *store, (asked, Rows::from(batch)));
            answered
                .map(|(answer,)| answer)
                .map_err(|error| stopped(store, &error))
        })
    }
}

fn broken(error: BadAnswer) -> ModuleError {
    ModuleError::BadAnswer(error.to_string())
}

/// Asks for the manifest, and on the way whether all functions have our types.
fn describe(
    shared: &Shared,
    pre: &InstancePre<Guard>,
    exports: &Exports,
    wrong: impl Fn(String) -> ModuleError,
) -> Result<String, ModuleError> {
    type Asked<'a> = (&'a [u32], Rows<'a>);
    let limits = &shared.limits;
    // UTF-8 is charged at twice its length.
    let answer = limits
        .max_manifest_bytes
        .saturating_mul(2)
        .saturating_add(SLACK);
    let allowance = shared.allowance(limits.describe_deadline, answer);
    let too_large =
        || ModuleError::BadManifest(format!("more than {} bytes", limits.max_manifest_bytes));
    let manifest = fresh(shared, pre, allowance, |store, instance| {
        let types = |error: wasmtime::Error| wrong(shown(&format!("{error:#}")));
        typed::<Asked<'_>, (wire::Columns,)>(store, instance, &exports.derive).map_err(types)?;
        typed::<Asked<'_>, (wire::Verdicts,)>(store, instance, &exports.evaluate).map_err(types)?;
        let function = typed::<(), (String,)>(store, instance, &exports.describe).map_err(types)?;
        let answered = function.call(&mut *store, ());
        answered
            .map(|(text,)| text)
            .map_err(|error| match stopped(store, &error) {
                ModuleError::BadAnswer(reason) => ModuleError::BadManifest(reason),
                ModuleError::AnswerTooLarge { .. } => too_large(),
                other => other,
            })
    })?;
    if manifest.len() > limits.max_manifest_bytes {
        Err(too_large())
    } else {
        Ok(manifest)
    }
}

fn typed<Params, Return>(
    store: &mut Store<Guard>,
    instance: &Instance,
    function: &ComponentExportIndex,
) -> wasmtime::Result<TypedFunc<Params, Return>>
where
    Params: ComponentNamedList + Lower,
    Return: ComponentNamedList + Lift,
{
    instance.get_typed_func(store, function)
}

/// One fresh instance in a store of its own, for one use.
fn fresh<T>(
    shared: &Shared,
    pre: &InstancePre<Guard>,
    allowance: Allowance,
    use_it: impl FnOnce(&mut Store<Guard>, &Instance) -> Result<T, ModuleError>,
) -> Result<T, ModuleError> {
    // Dropped last, when the instance has left its place in the pool.
    let _pass = shared.calls.enter();
    let mut store = store(pre.engine(), allowance);
    let instance = pre
        .instantiate(&mut store)
        .map_err(|error| match stopped(&store, &error) {
            // Nothing was lifted yet, so it was the host that had no room.
            ModuleError::BadAnswer(reason) => ModuleError::Host(reason),
            other => other,
        })?;
    use_it(&mut store, &instance)
}
