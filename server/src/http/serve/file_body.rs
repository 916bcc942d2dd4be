//! A file as the body of an answer: read in pieces on the blocking threads, one ahead of the
//! network at most.

use actix_web::body::{BodySize, MessageBody};
use actix_web::rt::task::{JoinHandle, spawn_blocking};
use actix_web::web::Bytes;
use std::fs::File;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

const PIECE_BYTES: u64 = 64 * 1024;

pub(super) struct FileBody {
    file: Arc<File>,
    length: u64,
    left: u64,
    reading: Option<JoinHandle<io::Result<Bytes>>>,
}

impl FileBody {
    /// A file that stands at its start.
    pub(super) fn of(file: Arc<File>) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(FileBody { file, length, left: length, reading: None })
    }
}

impl MessageBody for FileBody {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.length)
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let (file, wanted) = (Arc::clone(&self.file), self.left.min(PIECE_BYTES));
        let reading =
            self.reading.get_or_insert_with(|| spawn_blocking(move || read_piece(&file, wanted)));
        let piece = ready!(Pin::new(reading).poll(context)).map_err(io::Error::other).flatten();
        self.reading = None;
        if let Ok(piece) = &piece {
            self.left = self.left.saturating_sub(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        }
        Poll::Ready(Some(piece))
    }
}

/// Reads exactly so many bytes: the file's length was promised in the head.
fn read_piece(mut file: &File, wanted: u64) -> io::Result<Bytes> {
    let mut piece = vec![0; usize::try_from(wanted).map_err(io::Error::other)?];
    file.read_exact(&mut piece)?;
    Ok(Bytes::from(piece))
}
