;; An engine for the tests of sessions; what it does depends on the length of the model.
(module
  (memory (export "memory") 64)
  (global $heap (mut i32) (i32.const 4096))
  (func (export "cabi_realloc") (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.sub (i32.add (global.get $heap) (local.get $align)) (i32.const 1))
                            (i32.sub (i32.const 0) (local.get $align))))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (local.get $at))
  (data (i32.const 1024) "{\"code\":\"no-model\"}")

  ;; Ok or Err (0, 1) with a text.
  (func $result (param $case i32) (param $text i32) (param $length i32) (result i32)
    (i32.store (i32.const 16) (local.get $case))
    (i32.store (i32.const 20) (local.get $text))
    (i32.store (i32.const 24) (local.get $length))
    (i32.const 16))
  (func $no_model (result i32) (call $result (i32.const 1) (i32.const 1024) (i32.const 19)))

  (func (export "plancheck:engine/session@1.0.0#load") (param $model i32) (param $length i32) (param i32 i32) (result i32)
    (if (i32.eq (local.get $length) (i32.const 0)) (then (return (call $no_model))))
    (if (i32.eq (local.get $length) (i32.const 1)) (then (loop $again (br $again))))
    (if (i32.eq (local.get $length) (i32.const 2)) (then unreachable))
    (call $result (i32.const 0) (local.get $model) (local.get $length)))
  (func (export "plancheck:engine/session@1.0.0#use-modules") (param i32 i32) (result i32) (call $no_model))
  (func (export "plancheck:engine/session@1.0.0#edit") (param i32 i32) (result i32) (call $no_model))
  ;; None.
  (func (export "plancheck:engine/session@1.0.0#next-call") (result i32) (i32.const 512))
  ;; Ok without a value.
  (func (export "plancheck:engine/session@1.0.0#reply") (param i32) (result i32) (i32.const 512))
  (func (export "plancheck:engine/session@1.0.0#report") (result i32) (call $no_model))
  (func (export "plancheck:engine/session@1.0.0#delta") (result i32) (call $no_model))
  (func (export "plancheck:engine/session@1.0.0#ids-check") (param i32 i32 i32 i32) (result i32) (call $no_model))
  (func (export "plancheck:engine/session@1.0.0#ids-audit") (param i32 i32) (result i32) (call $no_model)))
