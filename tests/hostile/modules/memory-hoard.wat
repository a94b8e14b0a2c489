;; Takes all that it gets and says in `measured` how many bytes that were.
(func $evaluate (param $asked i32) (result i32) (local $answer i32)
  (local.set $answer (call $zeros (i32.const 1)))
  (loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
  (call $list (i32.const 5) (call $allocate (i32.const 8) (i32.const 8)) (i32.const 1))
  (f64.store (i32.load (i32.const 168)) (f64.mul (f64.convert_i32_u (memory.size)) (f64.const 65536)))
  (local.get $answer))
