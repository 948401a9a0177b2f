// SPDX-License-Identifier: MIT
//
// The port to x86_64, System V ABI; arch.h says what each symbol is for.
//
// A context that does not run lies on its own stack, from its stack pointer upwards:
//
//	stopped by arch_switch           r15  r14  r13  r12    rbx  rbp  resume
//	made by arch_first_frame         0    0    arg  entry  0    0    first_frame
//	stopped by arch_switch_fpu       MXCSR and x87 control word, then as by arch_switch
//	stopped by arch_switch_inline    rbp  resume
//	made by arch_first_frame_inline  0    first_frame_inline  entry  arg
//
// Indirect branch tracking: every entry opens with endbr64. Where a switch resumes is a return address, which has none,
// hence `notrack`. Shadow stacks: a switch would have to change them too and does not, so the note at the end claims
// the first only, and a linker then claims no more for the whole program; where they are on all the same, arch_guards
// says so. A raw clone needs nothing: the kernel gives it a shadow stack of its own.

	// Push and pop with what an unwinder must know.
	.macro save reg
	push	\reg
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset \reg, 0
	.endm

	.macro restore reg
	pop	\reg
	.cfi_adjust_cfa_offset -8
	.cfi_restore \reg
	.endm

	.macro save_kept
	.irp	reg, %rbp, %rbx, %r12, %r13, %r14, %r15
	save	\reg
	.endr
	.endm

	.macro restore_kept
	.irp	reg, %r15, %r14, %r13, %r12, %rbx, %rbp
	restore	\reg
	.endr
	.endm

	.macro begin name
	.type	\name, @function
\name:
	.cfi_startproc
	endbr64
	.endm

	.macro export name
	.globl	\name
	begin	\name
	.endm

	// What only ever runs at the bottom of a stack: it has no caller, so a backtrace ends here. It starts at
	// .Lname, after a nop, because an unwinder looks up the byte before a resume address.
	.macro begin_bottom name
	.type	\name, @function
	.cfi_startproc
	.cfi_undefined %rip
\name:
	nop
.L\name:
	endbr64
	.endm

	.macro end name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.text

// arch_missing()
	export	arch_missing
	xor	%eax, %eax
	ret
	end	arch_missing

// arch_guards()	arch_prctl(ARCH_SHSTK_STATUS): bit 0 of the word is ARCH_SHSTK_SHSTK. EINVAL: a kernel without
	export	arch_guards
	mov	$158, %eax
	mov	$0x5005, %edi
	lea	-8(%rsp), %rsi
	syscall
	test	%rax, %rax
	mov	$0, %eax
	js	1f
	mov	-8(%rsp), %eax
	and	$1, %eax
1:	ret
	end	arch_guards

// -- switching

// arch_switch(save_sp, load_sp)	not saved: MXCSR, x87 control word, signal mask, TLS base, SIMD
//             rdi      rsi
// The offsets that the unwinder is told hold on both stacks, since both have the same frame on top.
	.balign	64
	export	arch_switch
	save_kept
	mov	%rsp, (%rdi)
	mov	%rsi, %rsp
	restore_kept
	// not `ret`: the return predictor knows the stack that we just left
	restore	%rcx
	.cfi_register %rip, %rcx
	notrack jmp *%rcx
	end	arch_switch

// arch_switch_ret(save_sp, load_sp)	not saved: as above
//                 rdi      rsi
	.balign	64
	export	arch_switch_ret
	save_kept
	mov	%rsp, (%rdi)
	mov	%rsi, %rsp
	restore_kept
	ret
	end	arch_switch_ret

// arch_switch_fpu(save_sp, load_sp)	not saved: x87 status, signal mask, TLS base, SIMD
//                 rdi      rsi
// MXCSR goes as a whole, its sticky flags with it: the CPU loads no half of it.
	.balign	64
	export	arch_switch_fpu
	save_kept
	sub	$8, %rsp
	.cfi_adjust_cfa_offset 8
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	mov	%rsp, (%rdi)
	mov	%rsi, %rsp
	ldmxcsr	(%rsp)
	fldcw	4(%rsp)
	add	$8, %rsp
	.cfi_adjust_cfa_offset -8
	restore_kept
	restore	%rcx
	.cfi_register %rip, %rcx
	notrack jmp *%rcx
	end	arch_switch_fpu

// arch_first_frame(top, entry, arg)	the frame that arch_switch pops; sp after it is `top`, aligned for a call
//                  rdi  rsi    rdx
// first_frame                 r12    r13
	export	arch_first_frame
	and	$-16, %rdi
	lea	.Lfirst_frame(%rip), %rcx
	lea	-56(%rdi), %rax
	movq	$0, (%rax)
	movq	$0, 8(%rax)
	mov	%rdx, 16(%rax)
	mov	%rsi, 24(%rax)
	movq	$0, 32(%rax)
	movq	$0, 40(%rax)
	mov	%rcx, 48(%rax)
	ret
	end	arch_first_frame

// arch_first_frame_fpu(top, entry, arg)	the same below the control words that its maker has now
//                      rdi  rsi    rdx
	export	arch_first_frame_fpu
	call	arch_first_frame
	sub	$8, %rax
	stmxcsr	(%rax)
	fnstcw	4(%rax)
	ret
	end	arch_first_frame_fpu

	begin_bottom first_frame
	mov	%r13, %rdi
	call	*%r12
	ud2
	end	first_frame

// arch_first_frame_inline(top, entry, arg)	the frame that inline/x86_64.h pops, and what first_frame_inline pops
//                         rdi  rsi    rdx
// first_frame_inline           (sp)   8(sp)
	export	arch_first_frame_inline
	and	$-16, %rdi
	lea	.Lfirst_frame_inline(%rip), %rcx
	lea	-32(%rdi), %rax
	movq	$0, (%rax)
	mov	%rcx, 8(%rax)
	mov	%rsi, 16(%rax)
	mov	%rdx, 24(%rax)
	ret
	end	arch_first_frame_inline

	begin_bottom first_frame_inline
	pop	%rax
	pop	%rdi
	call	*%rax
	ud2
	end	first_frame_inline

// -- the kernel

// arch_syscall(number, a,   b,   c,   d,   e,   f)	not saved: nothing, but the kernel changes rcx and r11
//              rdi     rsi  rdx  rcx  r8   r9   8(sp)
// syscall      rax     rdi  rsi  rdx  r10  r8   r9
	.macro system_call
	mov	%rdi, %rax
	mov	%rsi, %rdi
	mov	%rdx, %rsi
	mov	%rcx, %rdx
	mov	%r8, %r10
	mov	%r9, %r8
	mov	8(%rsp), %r9
	syscall
	.endm

	.balign	64
	export	arch_syscall
	system_call
	ret
	end	arch_syscall

	export	arch_untrapped
	system_call
	.globl	arch_untrapped_ip
arch_untrapped_ip:
	ret
	end	arch_untrapped

// arch_clone(flags, top, entry, arg, child_tid)	not set: parent_tid, tls (the child keeps its parent's)
//            rdi    rsi  rdx    rcx  r8
// clone      rdi    rsi  rdx=0       r10              r8=0
// child                  8(sp)  (sp)
	export	arch_clone
	and	$-16, %rsi
	sub	$16, %rsi
	mov	%rcx, (%rsi)
	mov	%rdx, 8(%rsi)
	mov	%r8, %r10
	xor	%edx, %edx
	xor	%r8d, %r8d
	mov	$56, %eax
	syscall
	test	%eax, %eax
	jz	.Lclone_child
	ret
	end	arch_clone

// arch_clone3(args, size, entry, arg)	entry and arg wait in registers that the kernel hands on to the child
//             rdi   rsi   rdx    rcx
// child                   rdx    r8
	export	arch_clone3
	mov	%rcx, %r8
	mov	$435, %eax
	syscall
	test	%eax, %eax
	jz	.Lclone3_child
	ret
	end	arch_clone3

	begin_bottom clone3_child
	xor	%ebp, %ebp
	mov	%r8, %rdi
	call	*%rdx
	xor	%edi, %edi
	mov	$60, %eax
	syscall
	ud2
	end	clone3_child

	begin_bottom clone_child
	xor	%ebp, %ebp
	pop	%rdi
	pop	%rax
	call	*%rax
	// exit(2), not exit_group: it ends this task only
	xor	%edi, %edi
	mov	$60, %eax
	syscall
	ud2
	end	clone_child

// -- time

// arch_ticks()
	.balign	64
	export	arch_ticks
	rdtsc
	shl	$32, %rdx
	or	%rdx, %rax
	ret
	end	arch_ticks

// arch_loaded()
	.balign	64
	export	arch_loaded
	lfence
	ret
	end	arch_loaded

// arch_chain(n)	register to register: some CPUs fold a chain of additions of a constant
//            rdi
	.balign	64
	export	arch_chain
	mov	$1, %ecx
	test	%rdi, %rdi
	jz	2f
	.balign	64
1:	.rept	64
	add	%rcx, %rax
	.endr
	sub	$64, %rdi
	ja	1b
2:	ret
	end	arch_chain

// arch_burst(n)	eight chains side by side, more than a core can execute in one cycle
//            rdi
	.balign	64
	export	arch_burst
	test	%rdi, %rdi
	jz	2f
	.balign	64
1:	.rept	8
	.irp	reg, %rax, %rcx, %rdx, %rsi, %r8, %r9, %r10, %r11
	add	\reg, \reg
	.endr
	.endr
	sub	$64, %rdi
	ja	1b
2:	ret
	end	arch_burst

// -- floating point. MXCSR and the x87 control word each have a rounding direction; they are kept equal, as libc does.

// arch_fp_clean()	what Linux gives a new program: all exceptions masked, none seen, to nearest
	export	arch_fp_clean
	movl	$0x1f80, -4(%rsp)
	ldmxcsr	-4(%rsp)
	fninit
	ret
	end	arch_fp_clean

// arch_fp_rounding()
	export	arch_fp_rounding
	stmxcsr	-4(%rsp)
	mov	-4(%rsp), %eax
	shr	$13, %eax
	and	$3, %eax
	ret
	end	arch_fp_rounding

// arch_fp_set_rounding(direction)	MXCSR bits 13 and 14, x87 bits 10 and 11
//                      edi
	export	arch_fp_set_rounding
	and	$3, %edi
	shl	$10, %edi
	fnstcw	-4(%rsp)
	andw	$~0xc00, -4(%rsp)
	or	%di, -4(%rsp)
	fldcw	-4(%rsp)
	shl	$3, %edi
	stmxcsr	-4(%rsp)
	andl	$~0x6000, -4(%rsp)
	or	%edi, -4(%rsp)
	ldmxcsr	-4(%rsp)
	ret
	end	arch_fp_set_rounding

// -- conformance

// arch_clobbered(call, arg, seed)	not checked: rsp (there would be no way back)
//                rdi   rsi  rdx
// call           rax   rdi  (sp)
// Register k of those kept gets seed + k * step; an odd step makes all of them different.
	.set	step, 0x9e3779b97f4a7c15

	export	arch_clobbered
	save_kept
	push	%rdx
	.cfi_adjust_cfa_offset 8
	// fill
	movabs	$step, %rcx
	.irp	reg, %rbx, %rbp, %r12, %r13, %r14, %r15
	add	%rcx, %rdx
	mov	%rdx, \reg
	.endr
	mov	%rdi, %rax
	mov	%rsi, %rdi
	call	*%rax
	// count
	pop	%rdx
	.cfi_adjust_cfa_offset -8
	movabs	$step, %rcx
	xor	%eax, %eax
	.irp	reg, %rbx, %rbp, %r12, %r13, %r14, %r15
	add	%rcx, %rdx
	xor	%esi, %esi
	cmp	%rdx, \reg
	setne	%sil
	add	%esi, %eax
	.endr
	restore_kept
	ret
	end	arch_clobbered

	.section .note.GNU-stack, "", @progbits

// GNU_PROPERTY_X86_FEATURE_1_AND: branch tracking (1), no shadow stack (2)
	.section .note.gnu.property, "a", @note
	.balign	8
	.long	4, 16, 5
	.asciz	"GNU"
	.long	0xc0000002, 4, 1, 0
