/**
 * Files that outlive a power cut: a log whose entries are on the disk before anybody is told so. Knows nothing of what
 * they say, and imports no other package of this project.
 */
@NullMarked
package io.ghlgateway.disk;

import org.jspecify.annotations.NullMarked;
