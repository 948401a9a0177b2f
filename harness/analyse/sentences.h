// SPDX-License-Identifier: MIT
/* The sentences on what contexts are and what they take. One function each, by name in the table of verdicts.c. */
#ifndef HARNESS_ANALYSE_SENTENCES_H
#define HARNESS_ANALYSE_SENTENCES_H

#include "judge.h"

typedef struct judgement sentence_judge(const struct page *p);

/* times against times */
sentence_judge user_cheaper_to_create, dearest_cheaper_to_create, user_cheaper_to_switch, dearest_cheaper_to_switch;
sentence_judge process_dearer, pthread_dearer;

/* what a creation makes and takes */
sentence_judge lwp_makes_task, user_makes_none, creation_takes_modes, modes_share;

/* what a switch takes, and what is kept while a context is suspended */
sentence_judge lwp_switch_enters, user_switch_does_not, lwp_keeps_both;

/* who shares what, by identity; and what a thread is on Linux */
sentence_judge lwp_shares, process_does_not, threads_are_processes;

/* kernel threads */
sentence_judge kernel_threads_never_user, kernel_threads_of_no_process;

/* what the parameters of a creation's call take; what a blocked user thread stops; how small work may be */
sentence_judge parameters_copied, parameters_checked, one_lwp_stops_all, several_lwps_go_on, user_switching_pays;

#endif
