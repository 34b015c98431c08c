/** Labels of memories, the policy of a cube for each label, and the readers that labels withhold text from. */
@NullMarked
package io.memos4j.api.privacy;

import org.jspecify.annotations.NullMarked;
