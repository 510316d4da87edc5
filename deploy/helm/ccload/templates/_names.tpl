{{- define "ccload.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "ccload.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ccload.labels" -}}
{{ include "ccload.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "ccload.secret" -}}
{{ .Values.secret.existing | default (include "ccload.name" .) }}
{{- end }}

{{- define "ccload.image" -}}
{{- $repository := required "image.repository must be set, for example ghcr.io/OWNER/ccload" .Values.image.repository -}}
{{- if .Values.image.digest }}{{ printf "%s@%s" $repository .Values.image.digest }}{{ else }}{{ printf "%s:%s" $repository (.Values.image.tag | default (printf "v%s" .Chart.AppVersion)) }}{{ end }}
{{- end }}

{{/* More than one gateway needs one database that all of them can open. */}}
{{- define "ccload.checked" -}}
{{- if eq .Values.database "sqlite" }}
{{- if gt (int .Values.replicas) 1 }}{{ fail "replicas must be 0 or 1 while database is sqlite: choose postgres" }}{{ end }}
{{- if .Values.autoscaling.enabled }}{{ fail "autoscaling needs database: postgres" }}{{ end }}
{{- if .Values.secret.databaseUrl }}{{ fail "secret.databaseUrl needs database: postgres" }}{{ end }}
{{- else if and (not .Values.secret.existing) (not .Values.secret.databaseUrl) }}
{{- fail "database: postgres needs secret.databaseUrl, or secret.existing with DATABASE_URL in it" }}
{{- end }}
{{- if gt (int .Values.autoscaling.min) (int .Values.autoscaling.max) }}{{ fail "autoscaling.min must not be more than autoscaling.max" }}{{ end }}
{{- range $name, $value := .Values.config }}
{{- if has $name (list "CCLOAD_PASS" "CCLOAD_AUTH" "CCLOAD_METRICS_TOKEN" "CCLOAD_SECRET_KEY" "CCLOAD_SECRET_KEY_OLD" "DATABASE_URL") }}{{ fail (printf "config.%s is secret: it belongs into secret" $name) }}{{ end }}
{{- if has $name (list "PORT" "DRAIN_TIMEOUT_MS" "SQLITE_PATH") }}{{ fail (printf "config.%s is set by the chart" $name) }}{{ end }}
{{- end }}
{{- end }}
