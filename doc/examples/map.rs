// SPDX-License-Identifier: GPL-2.0-only
//! Map a kshm buffer, write a text into it, and read it back with read(2).
//!
//! rustc map.rs && ./map [DEVICE [SIZE]]

use std::env;
use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::os::raw::{c_int, c_void};
use std::os::unix::fs::FileExt;
use std::os::unix::io::AsRawFd;
use std::ptr;
use std::slice;

const TEXT: &[u8] = b"hello from Rust";

// <sys/mman.h>; the crates libc and memmap2 have these, too.
const PROT_READ: c_int = 1;
const PROT_WRITE: c_int = 2;
const MAP_SHARED: c_int = 1;

extern "C" {
    fn mmap(
        addr: *mut c_void,
        len: usize,
        prot: c_int,
        flags: c_int,
        fd: c_int,
        offset: isize,
    ) -> *mut c_void;
    fn munmap(addr: *mut c_void, len: usize) -> c_int;
}

struct Mapping {
    addr: *mut c_void,
    len: usize,
}

impl Mapping {
    fn new(file: &File, len: usize) -> io::Result<Mapping> {
        let prot = PROT_READ | PROT_WRITE;
        let addr = unsafe { mmap(ptr::null_mut(), len, prot, MAP_SHARED, file.as_raw_fd(), 0) };
        if addr as isize == -1 {
            return Err(io::Error::last_os_error());
        }
        Ok(Mapping { addr, len })
    }

    // While this slice exists, no other program may write to the buffer.
    fn bytes(&mut self) -> &mut [u8] {
        unsafe { slice::from_raw_parts_mut(self.addr as *mut u8, self.len) }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        unsafe { munmap(self.addr, self.len) };
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = env::args().collect();
    let device = args.get(1).map(String::as_str).unwrap_or("/dev/kshm0");
    let mut file = OpenOptions::new().read(true).write(true).open(device)?;

    // metadata().len() is 0 for a device: tell mmap the length.
    let size: usize = match args.get(2) {
        Some(arg) => arg.parse()?,
        None => file.seek(SeekFrom::End(0))? as usize,
    };
    let mut mapping = Mapping::new(&file, size)?;

    for &offset in &[0, size - TEXT.len()] {
        mapping.bytes()[offset..offset + TEXT.len()].copy_from_slice(TEXT);
        let mut back = [0; TEXT.len()];
        file.read_exact_at(&mut back, offset as u64)?;
        if back != TEXT {
            return Err(format!("{}: not what was written at {}", device, offset).into());
        }
    }
    println!("{}: {} bytes mapped, written and read", device, size);
    Ok(())
}
