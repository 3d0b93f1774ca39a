//! A guided capture in a thread of its own, over a live camera.
//!
//! Invariant: whoever owns the window never waits for it; a wish is heard within a twentieth of a second; it ends with
//! exactly one of [`CardEvent::Taken`], [`CardEvent::Ended`] and [`CardEvent::Failed`], unless it is dropped before.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use camera::Feed;
use inference::{LoadError, RunError};
use jiff::civil::Date;
use session::{End, Input, ReadingProgress};
use vision::ReadError;
use vision::live::LiveAnalyser;

use super::guided::{GuidedCard, GuidedParams, GuidedView, Order};
use super::nets::SharedReader;
use super::read::{ReadAnswer, ReadJob, TakenCard};
use super::watch::{Sight, Watch};

/// What a person wishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Take the picture now.
    Shutter,
    /// Go on after a failed try.
    TryAgain,
    /// Give up.
    Cancel,
}

/// What happens in a capture.
#[derive(Debug)]
pub enum CardEvent {
    /// There is something new to show. Comes with every frame that was looked at.
    Changed(Box<GuidedView>),
    /// The card was taken.
    Taken(Box<TakenCard>),
    /// It ended without a card.
    Ended(End),
    /// The nets cannot be used; in the system's words.
    Failed(String),
}

/// The nets of a capture.
#[derive(Clone, Debug)]
pub struct CardNets {
    /// Reads bursts.
    pub reader: Arc<SharedReader>,
}

impl CardNets {
    fn analyser(&self) -> Result<LiveAnalyser, LoadError> {
        LiveAnalyser::load(self.reader.source())
    }
}

/// A running capture. Dropping it ends it.
#[derive(Debug)]
pub struct CardCapture {
    messages: Option<Sender<Message>>,
    thread: Option<JoinHandle<()>>,
}

enum Message {
    Wish(Wish),
    Progress(ReadingProgress),
    Read(Result<ReadAnswer, ReadError>),
    NoReader(LoadError),
    Stop,
}

impl CardCapture {
    /// Starts a capture over `feed`. `told` is called from the capture's thread.
    pub fn start(
        feed: Arc<Feed>,
        nets: CardNets,
        today: Date,
        params: GuidedParams,
        told: impl FnMut(CardEvent) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (messages, inbox) = channel();
        let mut errand = Errand { feed, nets, inbox, messages: messages.clone(), told: Box::new(told) };
        let thread =
            std::thread::Builder::new().name("card".to_owned()).spawn(move || errand.run(today, params))?;
        Ok(Self { messages: Some(messages), thread: Some(thread) })
    }

    /// Says what a person wishes; ignored after the end.
    pub fn wish(&self, wish: Wish) {
        if let Some(messages) = &self.messages {
            messages.send(Message::Wish(wish)).ok();
        }
    }
}

impl Drop for CardCapture {
    /// Waits for the frame at hand, not for a reading.
    fn drop(&mut self) {
        if let Some(messages) = self.messages.take() {
            messages.send(Message::Stop).ok();
        }
        // Dropped from its own thread by whoever listens, it ends by itself.
        if let Some(thread) = self.thread.take().filter(|thread| !is_current(thread)) {
            thread.join().ok();
        }
    }
}

fn is_current(thread: &JoinHandle<()>) -> bool {
    thread.thread().id() == std::thread::current().id()
}

/// The thread's side.
struct Errand {
    feed: Arc<Feed>,
    nets: CardNets,
    inbox: Receiver<Message>,
    messages: Sender<Message>,
    told: Box<dyn FnMut(CardEvent) + Send>,
}

/// Why the loop ends.
enum Over {
    Stopped,
    Event(CardEvent),
}

impl Errand {
    fn run(&mut self, today: Date, params: GuidedParams) {
        let over = match self.nets.analyser() {
            Ok(analyser) => self.guide(GuidedCard::new(analyser, today, params)),
            Err(error) => Over::Event(CardEvent::Failed(error.to_string())),
        };
        if let Over::Event(event) = over {
            (self.told)(event);
        }
    }

    fn guide(&mut self, mut card: GuidedCard) -> Over {
        let mut watch = Watch::default();
        loop {
            let mut orders = match self.hear(&mut card) {
                Ok(orders) => orders,
                Err(over) => return over,
            };
            match self.look(&mut card, &mut watch) {
                Ok(more) => orders.extend(more),
                Err(error) => return Over::Event(CardEvent::Failed(error.to_string())),
            }
            (self.told)(CardEvent::Changed(Box::new(card.view())));
            for order in orders {
                match order {
                    Order::Read(job) => self.read_elsewhere(job),
                    Order::Finish(end) => return Over::Event(last_event(&mut card, end)),
                }
            }
        }
    }

    /// Everything that was said since the last frame.
    fn hear(&self, card: &mut GuidedCard) -> Result<Vec<Order>, Over> {
        let mut orders = Vec::new();
        while let Ok(message) = self.inbox.try_recv() {
            let now_ms = self.feed.now_ms();
            orders.extend(match message {
                Message::Wish(Wish::Shutter) => card.tell(Input::Shutter, now_ms),
                Message::Wish(Wish::TryAgain) => card.tell(Input::TryAgain, now_ms),
                Message::Wish(Wish::Cancel) => card.tell(Input::Cancel, now_ms),
                Message::Progress(progress) => card.tell(Input::ReadingProgress(progress), now_ms),
                Message::Read(answer) => card.answer(answer, now_ms),
                Message::NoReader(error) => {
                    return Err(Over::Event(CardEvent::Failed(error.to_string())));
                }
                Message::Stop => return Err(Over::Stopped),
            });
        }
        Ok(orders)
    }

    /// The next frame, or what its absence means.
    fn look(&self, card: &mut GuidedCard, watch: &mut Watch) -> Result<Vec<Order>, RunError> {
        let input = match watch.next(&self.feed) {
            Sight::Frame(live) => return card.see(&live.frame, live.at_ms),
            Sight::Lost => Input::CameraLost,
            Sight::Back => Input::CameraBack,
            Sight::Nothing => Input::Tick,
        };
        Ok(card.tell(input, self.feed.now_ms()))
    }

    /// Reads in another thread, so that the picture stays alive. It stops when nobody listens any more.
    fn read_elsewhere(&self, job: ReadJob) {
        let (messages, nets) = (self.messages.clone(), self.nets.clone());
        let work = move || match nets.reader.get() {
            Ok(reader) => {
                let mut told = |progress| messages.send(Message::Progress(progress)).is_ok();
                let answer = job.run(&reader, &mut told);
                messages.send(Message::Read(answer)).ok();
            }
            Err(error) => {
                messages.send(Message::NoReader(error)).ok();
            }
        };
        let spawned = std::thread::Builder::new().name("reader".to_owned()).spawn(work);
        if let Err(error) = spawned {
            tracing::error!(%error, "no thread to read in");
        }
    }
}

fn last_event(card: &mut GuidedCard, end: End) -> CardEvent {
    match (end, card.take()) {
        (End::Taken, Some(taken)) => CardEvent::Taken(Box::new(taken)),
        (_, _) => CardEvent::Ended(end),
    }
}
