/** Commands that train, evaluate and manage LoRA adapters. */
@NullMarked
package io.memos4j.cli.adapters;

import org.jspecify.annotations.NullMarked;
