/**
 * Configuration: from a YAML file or the environment to {@link io.ghlgateway.settings.Settings}, or to a list of all
 * that is wrong, each with file, line and key. Nothing outside this package knows of YAML.
 */
@NullMarked
package io.ghlgateway.settings;

import org.jspecify.annotations.NullMarked;
