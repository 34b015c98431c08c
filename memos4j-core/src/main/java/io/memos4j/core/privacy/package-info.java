/** Secrets and personal data in texts: detection, labels, and redaction for readers without the right. */
@NullMarked
package io.memos4j.core.privacy;

import org.jspecify.annotations.NullMarked;
