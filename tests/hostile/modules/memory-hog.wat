;; A megabyte at a time, as an allocator would; traps when there is no more, as an allocator would.
(func $evaluate (param $asked i32) (result i32)
  (loop $more
    (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable))
    (br $more))
  unreachable)
