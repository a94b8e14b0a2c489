;; Compiled languages keep their larger locals on a stack in linear memory, below the statics.
(global $stack (mut i32) (i32.const 65536))
(func $evaluate (param $asked i32) (result i32)
  (global.set $stack (i32.sub (global.get $stack) (i32.const 4096)))
  (i32.store (global.get $stack) (local.get $asked))
  (i32.add (call $evaluate (local.get $asked)) (i32.load (global.get $stack))))
