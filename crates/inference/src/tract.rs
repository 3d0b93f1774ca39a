//! The tract adapter.
//!
//! Invariant: one optimised plan per input shape, built once and shared by all threads; symbolic widths are twice
//! as slow, batches slower still, so callers bring fixed shapes and run items singly. Deliberately lacks eviction:
//! the callers' shapes are few.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use pulp::{Arch, NullaryFnOnce};
use tract_onnx::prelude::{
    Datum, Framework, InferenceFact, InferenceModelExt, IntoRunnable, TVec, TractResult, TypedRunnableModel,
    tvec,
};
use tract_onnx::prelude::{InferenceModel, Tensor as TractTensor};

use crate::{Model, RunError, Tensor};

type Plan = Arc<TypedRunnableModel>;
type PlanCell = Arc<OnceLock<Result<Plan, String>>>;

pub(crate) struct TractModel {
    graph: InferenceModel,
    plans: Mutex<HashMap<Vec<usize>, PlanCell>>,
}

impl TractModel {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let graph = tract_onnx::onnx().model_for_read(&mut &bytes[..]).map_err(|e| format!("{e:#}"))?;
        if graph.inputs.is_empty() || graph.outputs.is_empty() {
            return Err("it has no input or no output".to_owned());
        }
        Ok(Self { graph, plans: Mutex::default() })
    }

    /// The plan for one shape. The map's lock is held only to find the cell, so different shapes are built in
    /// parallel and nobody builds one twice.
    fn plan(&self, shape: &[usize]) -> Result<Plan, RunError> {
        let cell = {
            let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(plans.entry(shape.to_vec()).or_default())
        };
        cell.get_or_init(|| self.build(shape).map_err(|e| format!("{e:#}"))).clone().map_err(RunError::Failed)
    }

    fn build(&self, shape: &[usize]) -> TractResult<Plan> {
        let fact = InferenceFact::dt_shape(f32::datum_type(), shape.iter().copied().collect::<TVec<usize>>());
        self.graph
            .clone()
            .with_input_fact(0, fact)?
            .with_output_fact(0, InferenceFact::default())?
            .into_optimized()?
            .into_runnable()
    }
}

impl Model for TractModel {
    fn prepare(&self, shape: &[usize]) -> Result<(), RunError> {
        self.plan(shape).map(|_| ())
    }

    fn run(&self, input: &Tensor) -> Result<Tensor, RunError> {
        let failed = |e: String| RunError::Failed(e);
        let plan = self.plan(input.shape())?;
        let input =
            TractTensor::from_shape(input.shape(), input.values()).map_err(|e| failed(format!("{e:#}")))?;
        let outputs = plan.run(tvec!(input.into())).map_err(|e| failed(format!("{e:#}")))?;
        let first = outputs.first().ok_or_else(|| failed("no output".to_owned()))?;
        let view = first.to_plain_array_view::<f32>().map_err(|e| failed(format!("{e:#}")))?;
        let values: Vec<f32> = view.iter().copied().collect();
        if !Arch::new().dispatch(AreFinite(&values)) {
            return Err(failed("an answer that is no number".to_owned()));
        }
        Tensor::new(view.shape(), values).map_err(|e| failed(e.to_string()))
    }
}

/// Whether all values are finite: a net that overflowed has nothing to say.
///
/// Looked at in the processor's widest registers for a second reason: a compiler that used them clears them on return, and
/// tract's own kernels do not. Until they are clear, Intel's processors take fifty times as long for an `exp` after a net.
struct AreFinite<'a>(&'a [f32]);

impl NullaryFnOnce for AreFinite<'_> {
    type Output = bool;

    #[inline(always)]
    fn call(self) -> bool {
        /// The exponent of an f32: all ones in infinities and what is no number.
        const EXPONENT: u32 = 0x7f80_0000;
        self.0.iter().map(|v| v.to_bits() & EXPONENT).fold(0, u32::max) < EXPONENT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_found_wherever_it_stands() {
        let are_finite = |values: &[f32]| Arch::new().dispatch(AreFinite(values));
        let mut values = vec![f32::MAX; 100];
        assert!(are_finite(&values) && are_finite(&[f32::MIN, -0.0, 1e-45]) && are_finite(&[]));
        for at in [0, 37, 99] {
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                values[at] = bad;
                assert!(!are_finite(&values), "{bad} at {at}");
            }
            values[at] = 0.0;
        }
    }
}
