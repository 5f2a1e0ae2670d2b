/// Configuration files to checked records: `prometheus.yml`, rule files, `alertmanager.yml`.
///
/// Start at [ConfigLoader]. Reading is strict: an unknown key, a wrong type or an impossible value
/// is a [ConfigException] that names file, line and column. What a key means belongs to the module
/// whose record it fills; this room only knows YAML and paths.
package barograph.server.config;
