//! The feed's thread: open, run until something fails, say so, wait, open again.
//!
//! Invariant: it ends only when asked to, and no panic of a source gets past it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::paced::Paced;
use super::slot::Slot;
use super::stream::{Fault, Opened};
use crate::{CameraChoice, CameraProblem, FeedParams, device, replay};

pub(super) fn run(choice: &CameraChoice, params: &FeedParams, slot: &Slot) {
    let mut pause = params.retry_first;
    let mut unplugged = None;
    while !slot.is_stopping() {
        let Some((mut fault, was_live)) = run_once(choice, params, slot) else { break };
        pause = next_pause(fault.problem, was_live, pause, params);
        // What was pulled out is then absent, but people know it as pulled out.
        if fault.problem == CameraProblem::Absent && unplugged.is_some() {
            fault = Fault::new(CameraProblem::Unplugged, unplugged);
        }
        unplugged = fault.name.clone().filter(|_| fault.problem == CameraProblem::Unplugged);
        slot.lose(fault.problem, fault.name);
        slot.pause(pause);
    }
    slot.end();
}

fn next_pause(problem: CameraProblem, was_live: bool, before: Duration, params: &FeedParams) -> Duration {
    if was_live || problem.ends_by_hand() {
        return params.retry_first;
    }
    (before * 2).min(params.retry_longest)
}

/// Opens the source and runs it until it fails. `None`: it was asked to stop. Also answers whether frames came.
fn run_once(choice: &CameraChoice, params: &FeedParams, slot: &Slot) -> Option<(Fault, bool)> {
    let mut opened = match unpanicked(|| open(choice, params, slot)) {
        Some(Ok(opened)) => opened,
        Some(Err(fault)) => return Some((fault, false)),
        None => return Some((Fault::new(CameraProblem::Failed, None), false)),
    };
    let mut was_live = false;
    let outcome = unpanicked(|| stream(&mut opened, params, slot, &mut was_live));
    let name = opened.name.clone();
    // A driver's clean-up may panic on a device that is gone.
    unpanicked(|| drop(opened));
    match outcome {
        Some(Ok(())) => None,
        Some(Err(problem)) => Some((Fault::new(problem, Some(name)), was_live)),
        None => Some((Fault::new(CameraProblem::Failed, Some(name)), was_live)),
    }
}

fn unpanicked<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// Publishes frames until a stop is asked for.
fn stream(
    opened: &mut Opened,
    params: &FeedParams,
    slot: &Slot,
    was_live: &mut bool,
) -> Result<(), CameraProblem> {
    let mut shown = slot.colour();
    slot.set_sees_light(opened.stream.show(shown));
    let mut asked = slot.gesture();
    slot.set_hears(opened.stream.ask(asked));
    while !slot.is_stopping() {
        let colour = slot.colour();
        if colour != shown {
            opened.stream.show(colour);
            shown = colour;
        }
        let gesture = slot.gesture();
        if gesture != asked {
            opened.stream.ask(gesture);
            asked = gesture;
        }
        let Some(shot) = opened.stream.next(slot)? else { break };
        slot.publish(shot, &opened.name, opened.is_virtual, params.preview_quality);
        *was_live = true;
    }
    Ok(())
}

fn open(choice: &CameraChoice, params: &FeedParams, slot: &Slot) -> Result<Opened, Fault> {
    match choice {
        CameraChoice::Best => device::open(None, params),
        CameraChoice::Key(key) => device::open(Some(key), params),
        CameraChoice::Replay { path, speed } => {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let path = path.clone();
            let paced = Paced::open(Box::new(move || replay::open(&path)), *speed, params, slot)
                .map_err(|problem| Fault::new(problem, name.clone()))?;
            Ok(Opened { name: name.unwrap_or_default(), is_virtual: false, stream: Box::new(paced) })
        }
        CameraChoice::Scene(scene) => {
            let opener = scene.clone();
            let paced = Paced::open(Box::new(move || opener.open()), scene.speed, params, slot)
                .map_err(|problem| Fault::new(problem, Some(scene.name.clone())))?;
            Ok(Opened { name: scene.name.clone(), is_virtual: false, stream: Box::new(paced) })
        }
    }
}
