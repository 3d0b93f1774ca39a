//! Bytes → JPEGs, as they arrive.
//!
//! Invariant: each byte is looked at a bounded number of times, and never more than the limit is kept. A JPEG runs
//! from its start marker to the end marker that its own segments lead to, so an end marker inside a thumbnail does not
//! cut it. Deliberately absent: any judgement whether it decodes.

/// What the bytes so far hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A whole JPEG, taken out.
    Jpeg(Vec<u8>),
    /// Not yet one.
    NeedsMore,
    /// One that is longer than the limit.
    TooLong,
}

/// Where in a JPEG the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before the start marker.
    Outside,
    /// At a marker.
    Marker,
    /// In entropy-coded data.
    Entropy,
}

#[derive(Debug)]
pub(crate) struct Splitter {
    buffer: Vec<u8>,
    at: usize,
    place: Place,
    limit: usize,
}

impl Splitter {
    pub(crate) fn new(limit: usize) -> Self {
        Self { buffer: Vec::new(), at: 0, place: Place::Outside, limit }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole JPEG.
    pub(crate) fn take(&mut self) -> Next {
        loop {
            let step = match self.place {
                Place::Outside => self.find_start(),
                Place::Marker => self.pass_marker(),
                Place::Entropy => self.pass_entropy(),
            };
            match step {
                Step::On => {}
                Step::End => return Next::Jpeg(self.cut()),
                Step::Starved if self.buffer.len() > self.limit => return Next::TooLong,
                Step::Starved => return Next::NeedsMore,
            }
        }
    }

    /// Takes the bytes up to where we stand.
    fn cut(&mut self) -> Vec<u8> {
        let rest = self.buffer.split_off(self.at);
        self.at = 0;
        self.place = Place::Outside;
        std::mem::replace(&mut self.buffer, rest)
    }

    fn find_start(&mut self) -> Step {
        if let Some(start) = self.buffer.windows(3).position(|three| three == [0xFF, 0xD8, 0xFF]) {
            self.buffer.drain(..start);
            self.at = 2;
            self.place = Place::Marker;
            return Step::On;
        }
        let kept = self.buffer.len().min(2);
        self.buffer.drain(..self.buffer.len() - kept);
        Step::Starved
    }

    fn pass_marker(&mut self) -> Step {
        let Some(&[first, marker]) = self.buffer.get(self.at..self.at + 2) else { return Step::Starved };
        match (first, marker) {
            (0xFF, 0xFF) => self.at += 1, // fill byte
            (0xFF, 0xD9) => {
                self.at += 2;
                return Step::End;
            }
            (0xFF, 0x01 | 0xC0..=0xD7 | 0xDA..=0xFE) => return self.pass_segment(marker),
            // No marker, or a new start: what came before was cut off.
            (_, _) => self.give_up(),
        }
        Step::On
    }

    fn pass_segment(&mut self, marker: u8) -> Step {
        if matches!(marker, 0x01 | 0xD0..=0xD7) {
            self.at += 2; // stands alone
            return Step::On;
        }
        let Some(&[high, low]) = self.buffer.get(self.at + 2..self.at + 4) else { return Step::Starved };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if self.buffer.len() < self.at + 2 + length {
            return Step::Starved;
        }
        self.at += 2 + length;
        if marker == 0xDA {
            self.place = Place::Entropy;
        }
        Step::On
    }

    fn pass_entropy(&mut self) -> Step {
        let is_marker = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF | 0xD0..=0xD7);
        match self.buffer[self.at..].windows(2).position(is_marker) {
            Some(ahead) => {
                self.at += ahead;
                self.place = Place::Marker;
                Step::On
            }
            None => {
                self.at = self.at.max(self.buffer.len() - 1);
                Step::Starved
            }
        }
    }

    /// Looks for the next start behind where we stand.
    fn give_up(&mut self) {
        self.buffer.drain(..self.at);
        self.at = 0;
        self.place = Place::Outside;
    }
}

enum Step {
    On,
    End,
    Starved,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(chunks: &[&[u8]]) -> Vec<Vec<u8>> {
        let mut splitter = Splitter::new(1 << 20);
        let mut found = Vec::new();
        for chunk in chunks {
            splitter.push(chunk);
            while let Next::Jpeg(bytes) = splitter.take() {
                found.push(bytes);
            }
        }
        found
    }

    fn jpeg() -> Vec<u8> {
        frame::encode_jpeg(&frame::Frame::filled(32, 32, [200, 10, 90]), 80)
    }

    /// A JPEG whose comment holds an end marker.
    fn with_thumbnail() -> Vec<u8> {
        [&[0xFF, 0xD8, 0xFF, 0xFE, 0, 6, 0xFF, 0xD8, 0xFF, 0xD9][..], &jpeg()[2..]].concat()
    }

    #[test]
    fn an_end_marker_inside_a_segment_does_not_cut() {
        assert_eq!(all(&[&with_thumbnail(), &jpeg()]), [with_thumbnail(), jpeg()]);
    }

    #[test]
    fn a_cut_jpeg_does_not_take_the_next_one_along() {
        let cut = &jpeg()[..jpeg().len() - 5];
        assert_eq!(all(&[cut, &jpeg(), &jpeg()]), [jpeg(), jpeg()]);
    }

    proptest! {
        #[test]
        fn any_division_of_the_bytes_gives_the_same(at in 0usize..2000) {
            let film = [jpeg(), vec![7; 20], with_thumbnail()].concat();
            let (first, second) = film.split_at(at.min(film.len()));
            prop_assert_eq!(all(&[first, second]), vec![jpeg(), with_thumbnail()]);
        }

        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(prop_oneof![Just(0xFF), Just(0xD8), any::<u8>()], 0..400)) {
            let found: usize = all(&[&bytes]).iter().map(Vec::len).sum();
            prop_assert!(found <= bytes.len());
        }
    }
}
